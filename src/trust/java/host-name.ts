import { domainToUnicode } from "node:url";
import type { Certificate } from "../../x509/certificate.ts";
import { bytesEqual } from "../../x509/der-values.ts";
import { unmapAddress } from "../../x509/general-name.ts";
import { MATCHES, mismatch, type NameMatch } from "../name-match.ts";
import type { JavaRules } from "../profile.ts";
import type { NameCheck } from "../verdict.ts";
import { javaAddress } from "./addresses.ts";
import { javaAltNames, type JavaName } from "./general-names.ts";
import { PARSING_EXCEPTION } from "./parse-refusals.ts";
import { mostSpecificCommonName } from "./name-constraints.ts";

/** What a host name check depends on besides the certificate. */
export interface HostNameOptions {
  readonly rules: JavaRules;
  readonly nameCheck: NameCheck;
  /** The name that checking name constraints added to the leaf's own; null without one. */
  readonly addedName: JavaName | null;
}

/** sun.security.util.HostnameChecker for HTTPS and LDAPS endpoint identification. */
export function matchHostName(
  leaf: Certificate,
  host: string,
  options: HostNameOptions,
): NameMatch {
  const bare = host.replace(/\.$/, "").replace(/^\[(.*)\]$/, "$1");
  const address = javaAddress(bare);
  const illegal = address === null ? sniComplaint(bare) : null;
  if (illegal !== null)
    return mismatch(`Illegal given domain name: ${bare}`, [
      `java.lang.IllegalArgumentException: ${illegal}`,
    ]);
  const decoded = javaAltNames(leaf);
  if (decoded.state === "malformed" && options.rules.malformedExtensionsRaise)
    return mismatch(`${PARSING_EXCEPTION}: ${decoded.error.message}`);
  const added = options.addedName === null ? [] : [options.addedName];
  const names = decoded.state === "present" ? [...decoded.names, ...added] : null;
  return address === null
    ? matchDnsName(leaf, names ?? [], bare, options)
    : matchAddress(names, address, bare);
}

function matchAddress(
  names: readonly JavaName[] | null,
  address: Uint8Array,
  host: string,
): NameMatch {
  if (names === null) return mismatch("No subject alternative names present");
  // InetAddress turns an IPv4-mapped IPv6 address into the IPv4 address
  for (const name of names)
    if (name.kind === "ip" && bytesEqual(unmapAddress(name.value), address)) return MATCHES;
  return mismatch(`No subject alternative names matching IP address ${host} found`);
}

function matchDnsName(
  leaf: Certificate,
  names: readonly JavaName[],
  host: string,
  options: HostNameOptions,
): NameMatch {
  const dnsNames = names.flatMap((name) => (name.kind === "dns" ? [name.value] : []));
  if (dnsNames.length > 0)
    return dnsNames.some((value) => patternMatches(value, host, options))
      ? MATCHES
      : mismatch(`No subject alternative DNS name matching ${host} found.`);
  const commonName = mostSpecificCommonName(leaf.subject)?.text;
  if (commonName !== undefined) {
    if (commonName.normalize("NFKC") !== commonName)
      return mismatch(`Not a formal name ${commonName}`);
    if (patternMatches(commonName, host, options)) return MATCHES;
  }
  return mismatch(`No name matching ${host} found`);
}

/** What javax.net.ssl.SNIHostName and java.net.IDN with STD3 rules say against a host; null when nothing. */
function sniComplaint(host: string): string | null {
  if (host === "") return "Server name value of host_name cannot be empty";
  const labels = host.split(".");
  for (const [index, label] of labels.entries()) {
    if (label === "") {
      if (index === labels.length - 1)
        return "Server name value of host_name cannot have the trailing dot";
      return "Empty label is not a legal name";
    }
    if (/[\u0000-\u002c\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007f]/.test(label))
      return "Contains non-LDH ASCII characters";
    if (label.startsWith("-") || label.endsWith("-")) return "Has leading or trailing hyphen";
    if (label.length > 63) return "The label in the input is too long";
  }
  return host.length > 255 ? "The input is too long" : null;
}

function patternMatches(
  pattern: string,
  host: string,
  { rules, nameCheck }: HostNameOptions,
): boolean {
  const [name, template] = rules.unicodeNames
    ? [unicode(host), unicode(pattern)]
    : [host.toLowerCase(), pattern.toLowerCase()];
  if (!isUsablePattern(template)) return false;
  const everyLabel = nameCheck !== "ldaps" && rules.httpsWildcards === "any-label";
  return everyLabel ? labelsMatch(name, template) : firstLabelMatches(name, template);
}

/** `*`, `*.` and a last asterisk without a dot behind it are refused; with letters for asterisks it must be a host name. */
function isUsablePattern(pattern: string): boolean {
  if (pattern === "*" || pattern === "*.") return false;
  const lastAsterisk = pattern.lastIndexOf("*");
  if (lastAsterisk >= 0 && !pattern.slice(lastAsterisk).includes(".")) return false;
  return sniComplaint(pattern.replaceAll("*", "z")) === null;
}

function unicode(name: string): string {
  const lower = name.toLowerCase();
  if (!lower.includes("xn--")) return lower;
  return lower
    .split(".")
    .map((label) => (label.startsWith("xn--") ? domainToUnicode(label) || label : label))
    .join(".");
}

/** HostnameChecker.matchAllWildcards: every label may hold asterisks. */
function labelsMatch(name: string, template: string): boolean {
  const labels = name.split(".");
  const patterns = template.split(".");
  return (
    labels.length === patterns.length &&
    labels.every((label, index) => wildcardLabel(label, patterns[index] ?? ""))
  );
}

/** HostnameChecker.matchLeftmostWildcard: only the first label may hold asterisks. */
function firstLabelMatches(name: string, template: string): boolean {
  const nameDot = name.indexOf(".");
  const templateDot = template.indexOf(".");
  const [first, rest] = nameDot < 0 ? [name, ""] : [name.slice(0, nameDot), name.slice(nameDot)];
  const [pattern, tail] =
    templateDot < 0
      ? [template, ""]
      : [template.slice(0, templateDot), template.slice(templateDot)];
  return rest === tail && wildcardLabel(first, pattern);
}

/** One label against a pattern with asterisks; linear in the length of the label. */
function wildcardLabel(label: string, pattern: string): boolean {
  const parts = pattern.split("*");
  const head = parts[0] ?? "";
  if (parts.length === 1) return label === pattern;
  if (!label.startsWith(head)) return false;
  let rest = label.slice(head.length);
  for (const part of parts.slice(1, -1)) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return rest.endsWith(parts.at(-1) ?? "");
}
