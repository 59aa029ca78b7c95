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
  const { certificate, store: source, file, alias } = found;
  const exported =
    source.isJavaStore && source.path !== null && alias !== null
      ? [
          `keytool -exportcert -rfc -alias ${shellWord(alias)} -keystore ${shellWord(source.path)} -file ca.cer`,
        ]
      : [
          `Take the certificate ${shortName(certificate.subject)} from ${file ?? source.name} as ca.cer`,
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
  if (store.isSystemStore)
    return [
      `cp ${file} /usr/local/share/ca-certificates/${alias}.crt`,
      "update-ca-certificates",
      "Restart the client, or let it reload its truststore",
    ];
  return [
    `Add ${file} to the truststore ${store.name}`,
    "Restart the client, or let it reload its truststore",
  ];
}

/** The last step of every remedy: the command that shows whether it worked. */
export function verifyStep(situation: Situation): string {
  const { handshake, store, profile } = situation;
  const { endpoint, serverName } = handshake;
  const target = `${endpoint.scheme === "tls" ? "" : `${endpoint.scheme}://`}${hostPort(endpoint)}`;
  const connect = dialled(situation);
  const reach = connect === null ? "" : ` --connect ${connect}`;
  const name =
    serverName !== null && serverName !== endpoint.host
      ? ` --servername ${shellWord(serverName)}`
      : "";
  const password = store.needsPassword ? " --truststore-password prompt" : "";
  const trust = store.path === null ? "" : ` --truststore ${shellWord(store.path)}${password}`;
  return `anchorwatch check ${target}${reach}${name}${trust} --as ${profile.name}`;
}

/** What was dialled, where the name alone does not lead there. */
function dialled({ connect, handshake }: Situation): string | null {
  const { address, dialledPort, endpoint } = handshake;
  if (connect !== null) return connect;
  if (address === null || dialledPort === endpoint.port) return null;
  return hostPort({ host: address, port: dialledPort });
}
