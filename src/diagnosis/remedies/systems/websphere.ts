import { printable, shellWord } from "../../words.ts";
import { keytoolRequest, namesText } from "../tools/certificate-request.ts";
import type { BothSides } from "../system-remedies.ts";

const STORES =
  "SSL certificate and key management > Key stores and certificates > CellDefaultTrustStore (NodeDefaultTrustStore without a deployment manager)";

const RESTART = [
  "Synchronise the nodes, and restart the servers unless 'Dynamically update the run time when SSL configuration changes occur' is on",
] as const;

/** A call of the administration script on one line; Jython reads the same string literals as JSON. */
function wsadmin(task: string, parameters: Readonly<Record<string, string>>): string {
  const list = Object.entries(parameters)
    .flatMap(([name, value]) => [`-${name}`, value])
    .map((word) => JSON.stringify(printable(word)))
    .join(", ");
  return `wsadmin.sh -lang jython -c ${shellWord(`AdminTask.${task}([${list}])`)} -c ${shellWord("AdminConfig.save()")}`;
}

/** WebSphere Application Server traditional (systems 7). */
export const WEBSPHERE: BothSides = {
  title: "WebSphere traditional",
  client: {
    importCa: ({ file, alias }) => [
      `In the console: ${STORES} > Signer certificates > Add: alias ${alias}, file ${file}, data type Base64-encoded ASCII`,
      "Or with the script:",
      wsadmin("addSignerCertificate", {
        keyStoreName: "CellDefaultTrustStore",
        certificateAlias: alias,
        certificateFilePath: file,
        base64Encoded: "true",
      }),
      "The path is one of the deployment manager's machine",
    ],
    remove: ({ alias, fingerprint }) => [
      `In the console: ${STORES} > Signer certificates: delete ${alias ?? "the certificate"} with the SHA-256 fingerprint ${fingerprint}`,
      ...(alias === null
        ? []
        : [
            wsadmin("deleteSignerCertificate", {
              keyStoreName: "CellDefaultTrustStore",
              certificateAlias: alias,
            }),
          ]),
    ],
    useStore: (path) => [
      `In the console: SSL certificate and key management > Key stores and certificates > New: path ${path}`,
      "Then SSL configurations > the outbound configuration > Trust store name",
    ],
    storePassword: (path) => [
      `In the console: SSL certificate and key management > Key stores and certificates > the key store with the path ${path}: Password; security.xml keeps it as {xor} or {aes}`,
      "Client programs take theirs from com.ibm.ssl.trustStorePassword in ssl.client.props",
    ],
    useIdentity: [
      "In the console: SSL certificate and key management > Key stores and certificates > NodeDefaultKeyStore > Personal certificates > Import",
      "Then SSL configurations > the outbound configuration > Default client certificate alias, or Dynamic outbound endpoint SSL configurations for this host alone",
    ],
    nameAsked: (host) => [
      `Until the certificate has the name: the custom property com.ibm.ssl.skipHostnameVerificationForHosts with ${host} leaves out this host alone; com.ibm.ssl.verifyHostname is true from 8.5.5.27 and 9.0.5.21, and stays true`,
    ],
    restart: RESTART,
  },
  server: {
    installChain: (file) => [
      "In the console: SSL certificate and key management > Key stores and certificates > NodeDefaultKeyStore > Signer certificates > Add: every CA of the chain",
      `Then Personal certificates > Receive from a certificate authority: file ${file}; Replace moves the references from the old certificate to it`,
    ],
    requestCertificate: (request) => [
      `Make the request for ${namesText(request)} from a copy of the file of NodeDefaultKeyStore (its path stands in the console); ALIAS is default unless somebody named it`,
      keytoolRequest("ALIAS", "key.p12", request),
    ],
    chooseByName: () => [
      "In the console: SSL certificate and key management > SSL configurations > the inbound configuration > Default server certificate alias; an endpoint has one certificate, whatever name is asked for",
    ],
    acceptClientCa: (file) => [
      `In the console: ${STORES} > Signer certificates > Add: alias client-ca, file ${file}`,
    ],
    restart: RESTART,
  },
};
