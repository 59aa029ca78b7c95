import type { Certificate } from "../../x509/certificate.ts";
import { subjectAltName, valueOf } from "../../x509/extensions.ts";
import { formatGeneralName } from "../../x509/general-name.ts";
import { COMMON_NAME } from "../../x509/oids.ts";
import { printable, shortName } from "../words.ts";

/** Most names that comparisons look at; certificates of hosting services carry thousands. */
const MAX_NAMES = 200;

/** Names that a sentence lists. */
const SHOWN_NAMES = 5;

/** The dNSNames of a certificate in lower case, up to a bound. */
export function dnsNames(leaf: Certificate): readonly string[] {
  const names = (valueOf(subjectAltName(leaf)) ?? []).flatMap((name) =>
    name.kind === "dns" ? [printable(name.value).toLowerCase()] : [],
  );
  return names.slice(0, MAX_NAMES);
}

/** The iPAddresses of a certificate as text, up to a bound. */
export function ipAddresses(leaf: Certificate): readonly string[] {
  const names = (valueOf(subjectAltName(leaf)) ?? []).flatMap((name) =>
    name.kind === "ip" ? [formatGeneralName(name).replace(/^IP:/, "")] : [],
  );
  return names.slice(0, MAX_NAMES);
}

/** The last common name of the subject; null without one. */
export function commonName(leaf: Certificate): string | null {
  const names = leaf.subject.rdns.flat().filter(({ type }) => type === COMMON_NAME);
  const text = names.at(-1)?.text ?? "";
  return text === "" ? null : printable(text);
}

/** Whether the certificate names a server in its subject only. */
export function lacksAltNames(leaf: Certificate): boolean {
  const names = valueOf(subjectAltName(leaf)) ?? [];
  return !names.some(({ kind }) => kind === "dns" || kind === "ip");
}

/** What the certificate is for, as part of a sentence: its names, else its subject. */
export function coveredText(leaf: Certificate): string {
  const names = (valueOf(subjectAltName(leaf)) ?? [])
    .filter(({ kind }) => kind === "dns" || kind === "ip")
    .map((name) => printable(formatGeneralName(name).replace(/^(DNS|IP):/, "")));
  if (names.length === 0)
    return leaf.subject.rdns.length > 0 ? shortName(leaf.subject) : "no name at all";
  const rest = names.length - SHOWN_NAMES;
  const shown = names.slice(0, SHOWN_NAMES).join(", ");
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
