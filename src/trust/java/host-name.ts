import { domainToUnicode } from "node:url";
import type { Certificate } from "../../x509/certificate.ts";
import { bytesEqual } from "../../x509/der-values.ts";
import { type GeneralName, parseAddress, unmapAddress } from "../../x509/general-name.ts";
import { MATCHES, mismatch, type NameMatch } from "../name-match.ts";
import type { JavaRules } from "../profile.ts";
import type { NameCheck } from "../verdict.ts";
import { javaAltNames } from "./general-names.ts";
import { commonNameAsName, mostSpecificCommonName } from "./name-constraints.ts";

/** What a host name check depends on besides the certificate. */
export interface HostNameOptions {
  readonly rules: JavaRules;
  readonly nameCheck: NameCheck;
  /** Whether the accepted path was held against name constraints. */
  readonly constraintsEvaluated: boolean;
}

/** sun.security.util.HostnameChecker for HTTPS and LDAPS endpoint identification. */
export function matchHostName(
  leaf: Certificate,
  host: string,
  options: HostNameOptions,
): NameMatch {
  const decoded = javaAltNames(leaf);
  if (decoded.state === "malformed" && options.rules.malformedExtensionsRaise)
    return mismatch(decoded.message);
  const names =
    decoded.state === "present"
      ? [...decoded.value, ...namesAddedByConstraints(leaf, decoded.value, options)]
      : [];
  const hasSan = decoded.state === "present";
  const bare = host.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  const address = parseAddress(bare);
  return address === null
    ? matchDnsName(leaf, names, bare, options)
    : matchAddress(names, address, bare, hasSan);
}

/**
 * NameConstraintsExtension.verify adds the CN to the very list of alternative names that the host name check reads
 * later, so under name constraints an address in the CN counts.
 */
function namesAddedByConstraints(
  leaf: Certificate,
  names: readonly GeneralName[],
  { constraintsEvaluated }: HostNameOptions,
): readonly GeneralName[] {
  if (!constraintsEvaluated) return [];
  const added = commonNameAsName(leaf.subject, names);
  return added === null ? [] : [added];
}

function matchAddress(
  names: readonly GeneralName[],
  address: Uint8Array,
  host: string,
  hasSan: boolean,
): NameMatch {
  if (!hasSan) return mismatch("No subject alternative names present");
  // InetAddress turns an IPv4-mapped IPv6 address into the IPv4 address
  const wanted = unmapAddress(address);
  for (const name of names)
    if (name.kind === "ip" && bytesEqual(unmapAddress(name.value), wanted)) return MATCHES;
  return mismatch(`No subject alternative names matching IP address ${host} found`);
}

function matchDnsName(
  leaf: Certificate,
  names: readonly GeneralName[],
  host: string,
  options: HostNameOptions,
): NameMatch {
  if (!isSniHostName(host)) return mismatch(`Illegal given domain name: ${host}`);
  const dnsNames = names.filter((name) => name.kind === "dns");
  if (dnsNames.length > 0)
    return dnsNames.some(({ value }) => patternMatches(value, host, options))
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

/** javax.net.ssl.SNIHostName: letters, digits and hyphens in labels of at most 63, no empty label, no trailing dot. */
function isSniHostName(host: string): boolean {
  if (host.length === 0 || host.length > 253 || host.endsWith(".")) return false;
  return host
    .split(".")
    .every((label) =>
      /^[A-Za-z0-9\u0080-\uffff](?:[A-Za-z0-9\u0080-\uffff-]{0,61}[A-Za-z0-9\u0080-\uffff])?$/.test(
        label,
      ),
    );
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
  return isSniHostName(pattern.replaceAll("*", "z"));
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
