import type { Certificate } from "../../x509/certificate.ts";
import { bytesEqual } from "../../x509/der-values.ts";
import { subjectAltName, valueOf } from "../../x509/extensions.ts";
import { parseAddress } from "../../x509/general-name.ts";
import { COMMON_NAME } from "../../x509/oids.ts";
import { MATCHES, mismatch, type NameMatch } from "../name-match.ts";
import type { OpenSslRules } from "../profile.ts";

/** X509_check_host and X509_check_ip. */
export function matchHostName(leaf: Certificate, host: string, rules: OpenSslRules): NameMatch {
  const names = valueOf(subjectAltName(leaf)) ?? [];
  const address = parseAddress(host.replace(/^\[(.*)\]$/, "$1"));
  if (address !== null)
    return names.some((name) => name.kind === "ip" && bytesEqual(name.value, address))
      ? MATCHES
      : mismatch("IP address mismatch");
  const dnsNames = names.flatMap((name) => (name.kind === "dns" ? [name.value] : []));
  const patterns =
    dnsNames.length > 0
      ? dnsNames
      : leaf.subject.rdns.flat().flatMap(({ type, text }) => (type === COMMON_NAME ? [text] : []));
  return patterns.some((pattern) => patternMatches(pattern, host, rules))
    ? MATCHES
    : mismatch("hostname mismatch");
}

function patternMatches(pattern: string, host: string, rules: OpenSslRules): boolean {
  const template = pattern.toLowerCase();
  const name = host.toLowerCase();
  const star = name.startsWith(".") ? -1 : starPosition(template, rules);
  if (star < 0) return template === name;
  const prefix = template.slice(0, star);
  const suffix = template.slice(star + 1);
  if (name.length < prefix.length + suffix.length) return false;
  if (!name.startsWith(prefix) || !name.endsWith(suffix)) return false;
  const covered = name.slice(prefix.length, name.length - suffix.length);
  const wholeLabel = prefix === "" && suffix.startsWith(".");
  if (wholeLabel && covered === "") return false;
  if (!wholeLabel && name.slice(prefix.length).startsWith("xn--")) return false;
  return covered === "*" || /^[a-z0-9-]*$/.test(covered);
}

/** valid_star: one asterisk in the first label, which is no IDNA label, with two dots behind it; -1 otherwise. */
function starPosition(template: string, { partialWildcards }: OpenSslRules): number {
  const labels = template.split(".");
  const [first = ""] = labels;
  const star = first.indexOf("*");
  if (star < 0 || template.lastIndexOf("*") !== star || labels.length < 3) return -1;
  const atStart = star === 0;
  const atEnd = star === first.length - 1;
  if (
    (!atStart && !atEnd) ||
    (!partialWildcards && !(atStart && atEnd)) ||
    first.startsWith("xn--")
  )
    return -1;
  const usable = labels
    .map((label, index) => (index === 0 ? label.replace("*", "") || "a" : label))
    .every((label) => /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(label));
  return usable ? star : -1;
}
