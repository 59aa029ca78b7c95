import { dateText, fingerprint, shortName } from "../../diagnosis/words.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { writePem } from "../../x509/pem.ts";
import { nameText } from "../check/name-text.ts";
import { extensionTexts } from "../store/extension-text.ts";
import { keyText } from "../key-text.ts";
import { escapeHtml } from "./escape-html.ts";

/** Longest value of an extension that is shown, in characters. */
const MAX_VALUE = 2000;

/** Largest certificate whose PEM is shown, in bytes. */
const MAX_PEM = 65_536;

/** One certificate decoded, folded away. */
export function certificateDetails(label: string, certificate: Certificate): string {
  const { subject, issuer, notBefore, notAfter, serialNumber, publicKey, signatureAlgorithm, der } =
    certificate;
  const facts: readonly (readonly [name: string, value: string])[] = [
    ["subject", nameText(subject)],
    ["issuer", nameText(issuer)],
    ["serial number", serialNumber.slice(0, 128)],
    ["valid", `${dateText(notBefore)} to ${dateText(notAfter)}`],
    ["key", keyText(publicKey)],
    ["signature", signatureAlgorithm?.javaName ?? "unknown"],
    ["SHA-256", fingerprint(certificate)],
    ...extensionTexts(certificate).map(
      ({ name, critical, value }) =>
        [
          `${name}${critical ? " (critical)" : ""}`,
          value.length > MAX_VALUE ? `${value.slice(0, MAX_VALUE)}…` : value,
        ] as const,
    ),
  ];
  const pem =
    der.length > MAX_PEM ? "" : `<pre>${escapeHtml(writePem("CERTIFICATE", der).trimEnd())}</pre>`;
  return [
    `<details><summary>${escapeHtml(`${label}: ${shortName(subject)}`)}</summary><dl>`,
    ...facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`),
    `</dl>${pem}</details>`,
  ].join("");
}
