import { printable, shellWord } from "../../words.ts";
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
    useIdentity: [
      "In the console: SSL certificate and key management > Key stores and certificates > NodeDefaultKeyStore > Personal certificates > Import",
      "Then SSL configurations > the outbound configuration > Default client certificate alias, or Dynamic outbound endpoint SSL configurations for this host alone",
    ],
    restart: RESTART,
  },
  server: {
    installChain: (file) => [
      "In the console: SSL certificate and key management > Key stores and certificates > NodeDefaultKeyStore > Signer certificates > Add: every CA of the chain",
      `Then Personal certificates > Receive from a certificate authority: file ${file}; Replace moves the references from the old certificate to it`,
    ],
    acceptClientCa: (file) => [
      `In the console: ${STORES} > Signer certificates > Add: alias client-ca, file ${file}`,
    ],
    restart: RESTART,
  },
};
