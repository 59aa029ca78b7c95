import type { Certificate } from "../../x509/certificate.ts";
import { subjectAltName, valueOf } from "../../x509/extensions.ts";
import type { Name } from "../../x509/name.ts";

/** Attributes that Go's pkix.RDNSequence.String names; the others appear by their identifier. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["2.5.4.6", "C"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["2.5.4.3", "CN"],
  ["2.5.4.5", "SERIALNUMBER"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.9", "STREET"],
  ["2.5.4.17", "POSTALCODE"],
]);

/** A name as Go prints it (crypto/x509/pkix): last first, escaped by RFC 2253. */
export function goName({ rdns }: Name): string {
  return rdns
    .toReversed()
    .map((attributes) =>
      attributes.map(({ type, text }) => `${NAMES.get(type) ?? type}=${escaped(text)}`).join("+"),
    )
    .join(",");
}

function escaped(text: string): string {
  return Array.from(text)
    .map((character, index, all) => {
      const isEdge = index === 0 || index === all.length - 1;
      const needs =
        ',+"\\<>;'.includes(character) ||
        (character === "#" && index === 0) ||
        (character === " " && isEdge);
      return needs ? `\\${character}` : character;
    })
    .join("");
}

/** The DNS names of a certificate as blackbox_exporter joins them. */
export function dnsNames(certificate: Certificate): string {
  return (valueOf(subjectAltName(certificate)) ?? [])
    .flatMap((name) => (name.kind === "dns" ? [name.value] : []))
    .join(",");
}
