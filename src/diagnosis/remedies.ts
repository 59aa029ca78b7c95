import type { Certificate } from "../x509/certificate.ts";
import type { LocatedAnchor, Situation, StoreFacts } from "./situation.ts";
import { aliasFor, fingerprint, hostPort, shellWord, shortName } from "./words.ts";

/** How to put a CA certificate into a store, with the fingerprint to compare. */
export function importSteps(ca: Certificate, store: StoreFacts): readonly string[] {
  const name = shortName(ca.subject);
  return [
    `Compare with the owner of ${name} that its SHA-256 fingerprint is ${fingerprint(ca)}`,
    ...insertSteps(aliasFor(ca.subject), "ca.cer", store),
  ];
}

/** How to put a CA certificate into a store when only its name is known. */
export function importByNameSteps(
  issuer: Certificate["issuer"],
  store: StoreFacts,
): readonly string[] {
  return [
    `Get the CA certificate ${issuer.text} from its owner, not from the connection, and compare its SHA-256 fingerprint with the owner`,
    ...insertSteps(aliasFor(issuer), "ca.cer", store),
  ];
}

/** How to copy an anchor that another store of the estate holds. */
export function copySteps(found: LocatedAnchor, store: StoreFacts): readonly string[] {
  const { certificate, store: source, alias } = found;
  const exported =
    source.isJavaStore && source.path !== null && alias !== null
      ? [
          `keytool -exportcert -rfc -alias ${shellWord(alias)} -keystore ${shellWord(source.path)} -file ca.cer`,
        ]
      : [
          `Take the certificate ${shortName(certificate.subject)} from ${source.path ?? source.name} as ca.cer`,
        ];
  return [
    ...exported,
    `Compare with the owner that its SHA-256 fingerprint is ${fingerprint(certificate)}`,
    ...insertSteps(aliasFor(certificate.subject), "ca.cer", store),
  ];
}

function insertSteps(alias: string, file: string, store: StoreFacts): readonly string[] {
  const target = store.path;
  if (store.isJavaStore && target !== null)
    return [
      `keytool -importcert -trustcacerts -alias ${alias} -file ${file} -keystore ${shellWord(target)}`,
      "Restart the client, or let it reload its truststore",
    ];
  if (target !== null)
    return [
      `openssl x509 -in ${file} >> ${shellWord(target)}`,
      "Restart the client, or let it reload its truststore",
    ];
  return [
    `Add ${file} to the truststore ${store.name}`,
    "Restart the client, or let it reload its truststore",
  ];
}

/** The last step of every remedy: the command that shows whether it worked. */
export function verifyStep({ handshake, store, profile }: Situation): string {
  const { endpoint, dialledPort, serverName, address } = handshake;
  const target = `${endpoint.scheme === "tls" ? "" : `${endpoint.scheme}://`}${hostPort(endpoint)}`;
  // where only the address differs the name resolved to it, and will again
  const dialled =
    address !== null && dialledPort !== endpoint.port
      ? ` --connect ${hostPort({ host: address, port: dialledPort })}`
      : "";
  const name =
    serverName !== null && serverName !== endpoint.host
      ? ` --servername ${shellWord(serverName)}`
      : "";
  const trust = store.path === null ? "" : ` --truststore ${shellWord(store.path)}`;
  return `anchorwatch check ${target}${dialled}${name}${trust} --as ${profile.name}`;
}
