import type { Certificate } from "../../x509/certificate.ts";
import { nameConstraints, type NameConstraints, valueOf } from "../../x509/extensions.ts";
import { formatAddress, type GeneralName, parseAddress } from "../../x509/general-name.ts";
import { quote } from "../../x509/refusals/go-url.ts";
import { type GoName, goNames } from "./alt-names.ts";
import { addressText } from "./host-name.ts";

const KIND_WORDS = {
  dns: "DNS name",
  email: "email address",
  ip: "IP address",
  uri: "URI",
} as const;

/** What isValid says about names: a detail of CANotAuthorizedForThisName, or a text of its own. */
export type NameComplaint =
  | { readonly kind: "unauthorized"; readonly detail: string }
  | { readonly kind: "other"; readonly text: string };

/** TooManyConstraints has no words of its own in Go. */
const TOO_MANY: NameComplaint = { kind: "other", text: "x509: unknown error" };

/**
 * The name-constraint part of Certificate.isValid: the names of the leaf and of the CA itself against the constraints
 * of that CA. Null when all are allowed.
 */
export function constraintComplaint(
  ca: Certificate,
  leaf: Certificate,
  maxComparisons: number,
): NameComplaint | null {
  const constraints = ca.version === 3 ? valueOf(nameConstraints(ca)) : undefined;
  if (constraints === undefined) return null;
  let comparisons = 0;
  for (const name of [leaf, ca].flatMap((each) => goNames(each) ?? [])) {
    const early = unreadable(name);
    if (early !== null) return early;
    for (const [side, isExclusion] of [
      ["excluded", true],
      ["permitted", false],
    ] as const) {
      const bases = (constraints[side] ?? []).flatMap(({ base }) =>
        base.kind === name.kind ? [base] : [],
      );
      comparisons += bases.length;
      if (comparisons > maxComparisons) return TOO_MANY;
      const complaint = compare(name, bases, isExclusion);
      if (complaint !== null) return { kind: "unauthorized", detail: complaint };
    }
  }
  return null;
}

/** Whether constraints are of kinds alone that Go compares. */
export function areComparable({ permitted, excluded }: NameConstraints): boolean {
  return [...(permitted ?? []), ...(excluded ?? [])].every(({ base }) =>
    Object.keys(KIND_WORDS).includes(base.kind),
  );
}

function unreadable(name: GoName): NameComplaint | null {
  if (name.kind === "dns" && !isDomain(name.value))
    return { kind: "other", text: `x509: cannot parse dnsName ${quote(name.value)}` };
  if (name.kind === "email" && !isMailbox(name.value))
    return { kind: "other", text: 'x509: cannot parse rfc822Name {"" ""}' };
  return null;
}

function compare(name: GoName, bases: readonly GeneralName[], isExclusion: boolean): string | null {
  let isAllowed = true;
  for (const base of bases) {
    const result = matches(name, base);
    if (typeof result === "string") return result;
    if (result && isExclusion) return `${shown(name)} is excluded by constraint ${baseText(base)}`;
    isAllowed = result;
    if (result) break;
  }
  return isAllowed || isExclusion ? null : `${shown(name)} is not permitted by any constraint`;
}

function shown(name: GoName): string {
  const text = name.kind === "ip" ? addressText(name.value) : name.value;
  return `${KIND_WORDS[name.kind]} ${quote(text)}`;
}

function baseText(base: GeneralName): string {
  if (base.kind !== "ip") return quote(typeof base.value === "string" ? base.value : "");
  const half = base.value.length / 2;
  const mask = base.value.subarray(half);
  const network = base.value.subarray(0, half).map((octet, i) => octet & (mask[i] ?? 0));
  const ones = mask.reduce((sum, octet) => sum + octet.toString(2).replaceAll("0", "").length, 0);
  return quote(`${formatAddress(network) ?? ""}/${ones}`);
}

/** domainToReverseLabels: labels of printable ASCII, none empty but for one in front; null when it is none. */
function reverseLabels(domain: string): readonly string[] | null {
  if (domain === "") return [];
  const labels = domain.replace(/^\.(?=.)/, "").split(".");
  return labels.every((label) => /^[!-~]+$/.test(label)) ? labels.toReversed() : null;
}

function isDomain(name: string): boolean {
  return reverseLabels(name) !== null;
}

const ATEXT = /^(?:\\.|[0-9A-Za-z!#$%&'*+\-/=?^_`{|}~.])+@/;

/** parseRFC2821Mailbox. */
function isMailbox(text: string): boolean {
  const quoted = /^"(?:\\[\u0001-\u0009\u000b\u000c\u000e-\u007f]|[^"\\\r\n\u0000])*"@/.exec(text);
  const local = (quoted ?? ATEXT.exec(text))?.[0];
  if (local === undefined) return false;
  const atoms = local.slice(0, -1);
  if (quoted === null && (atoms.startsWith(".") || atoms.endsWith(".") || atoms.includes("..")))
    return false;
  return isDomain(text.slice(local.length));
}

/** The match functions; a text is the error that they return. */
function matches(name: GoName, base: GeneralName): boolean | string {
  if (name.kind === "dns" && base.kind === "dns") return domainInside(name.value, base.value);
  if (name.kind === "email" && base.kind === "email") return mailboxInside(name.value, base.value);
  if (name.kind === "uri" && base.kind === "uri") return uriInside(name.value, base.value);
  if (name.kind === "ip" && base.kind === "ip") return addressInside(name.value, base.value);
  return false;
}

/** matchDomainConstraint. */
function domainInside(domain: string, constraint: string): boolean | string {
  if (constraint === "") return true;
  const labels = reverseLabels(domain.toLowerCase());
  if (labels === null) return `x509: internal error: cannot parse domain ${quote(domain)}`;
  const needsMore = constraint.startsWith(".");
  const tree = needsMore ? constraint.slice(1) : constraint;
  const wanted = reverseLabels(tree.toLowerCase());
  if (wanted === null) return `x509: internal error: cannot parse domain ${quote(tree)}`;
  if (labels.length < wanted.length || (needsMore && labels.length === wanted.length)) return false;
  return wanted.every((label, i) => label === labels[i]);
}

/** matchEmailConstraint. */
function mailboxInside(name: string, constraint: string): boolean | string {
  const at = name.lastIndexOf("@");
  if (!constraint.includes("@")) return domainInside(name.slice(at + 1), constraint);
  const baseAt = constraint.lastIndexOf("@");
  return (
    name.slice(0, at) === constraint.slice(0, baseAt) &&
    name.slice(at + 1).toLowerCase() === constraint.slice(baseAt + 1).toLowerCase()
  );
}

/** matchURIConstraint. */
function uriInside(uri: string, constraint: string): boolean | string {
  const authority = /^[^:/?#]*:\/\/([^/?#]*)/.exec(uri)?.[1] ?? "";
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  if (host === "")
    return `URI with empty host (${quote(uri)}) cannot be matched against constraints`;
  const bare = host.endsWith("]") ? host : host.replace(/:\d*$/, "");
  if (/^\[.*\]$/.test(bare) || parseAddress(bare) !== null)
    return `URI with IP (${quote(uri)}) cannot be matched against constraints`;
  return domainInside(bare, constraint);
}

/** matchIPConstraint. */
function addressInside(address: Uint8Array, constraint: Uint8Array): boolean {
  if (address.length * 2 !== constraint.length) return false;
  return address.every((octet, i) => {
    const mask = constraint[address.length + i] ?? 0;
    return (octet & mask) === ((constraint[i] ?? 0) & mask);
  });
}
