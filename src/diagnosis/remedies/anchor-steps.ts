import type { Certificate } from "../../x509/certificate.ts";
import type { LocatedAnchor, Situation, StoreFacts } from "../situation.ts";
import { aliasFor, fingerprint, shellWord, shortName } from "../words.ts";

/** How to put a CA certificate into a store, with the fingerprint to compare. */
export function importSteps(ca: Certificate, { store }: Situation): readonly string[] {
  const name = shortName(ca.subject);
  return [
    `Compare with the owner of ${name} that its SHA-256 fingerprint is ${fingerprint(ca)}`,
    ...insertSteps(aliasFor(ca.subject), "ca.cer", store),
  ];
}

/** How to put a CA certificate into a store when only its name is known. */
export function importByNameSteps(
  issuer: Certificate["issuer"],
  { store }: Situation,
): readonly string[] {
  return [
    `Get the CA certificate ${issuer.text} from its owner, not from the connection, and compare its SHA-256 fingerprint with the owner`,
    ...insertSteps(aliasFor(issuer), "ca.cer", store),
  ];
}

/** How to copy an anchor that another store of the estate holds. */
export function copySteps(found: LocatedAnchor, { store }: Situation): readonly string[] {
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
