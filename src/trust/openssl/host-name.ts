import type { Certificate } from "../../x509/certificate.ts";
import { bytesEqual } from "../../x509/der-values.ts";
import { parseAddress } from "../../x509/general-name.ts";
import { COMMON_NAME } from "../../x509/oids.ts";
import { MATCHES, mismatch, type NameMatch } from "../name-match.ts";
import type { OpenSslRules } from "../profile.ts";
import { namesOf } from "./alt-names.ts";

/** X509_check_host and X509_check_ip. */
export function matchHostName(leaf: Certificate, host: string, rules: OpenSslRules): NameMatch {
  const names = namesOf(leaf);
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
  if (!wholeLabel && name.startsWith("xn--")) return false;
  return covered === "*" || /^[a-z0-9-]*$/.test(covered);
}

/**
 * valid_star: one asterisk at an end of the first label, which is no IDNA label, with two dots behind it, in a name
 * whose labels begin and end with letters and digits; -1 otherwise.
 */
function starPosition(template: string, { partialWildcards }: OpenSslRules): number {
  let star = -1;
  let dots = 0;
  let isStart = true;
  let isIdna = false;
  let endsInHyphen = false;
  for (let index = 0; index < template.length; index++) {
    const character = template.charAt(index);
    if (character === "*") {
      const atEnd = index === template.length - 1 || template[index + 1] === ".";
      const isPartial = !isStart || !atEnd;
      if (star >= 0 || isIdna || dots > 0 || (!isStart && !atEnd)) return -1;
      if (isPartial && !partialWildcards) return -1;
      star = index;
      isStart = false;
    } else if (/[a-z0-9]/.test(character)) {
      if (isStart && template.startsWith("xn--", index)) isIdna = true;
      isStart = false;
      endsInHyphen = false;
    } else if (character === ".") {
      if (isStart || endsInHyphen) return -1;
      isStart = true;
      isIdna = false;
      dots++;
    } else if (character === "-" && !isStart) endsInHyphen = true;
    else return -1;
  }
  return isStart || endsInHyphen || dots < 2 ? -1 : star;
}
