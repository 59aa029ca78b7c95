import { bytesEqual } from "../../x509/der-values.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { type GeneralSubtree, nameConstraints, valueOf } from "../../x509/extensions.ts";
import type { GeneralName } from "../../x509/general-name.ts";
import { BudgetExceeded } from "../budget.ts";
import { goAltNames } from "./alt-names.ts";

/** A name that Go compares with constraints. */
type Comparable = Extract<GeneralName, { kind: "dns" | "email" | "ip" | "uri" }>;

const KIND_WORDS = {
  dns: "DNS name",
  email: "email address",
  ip: "IP address",
  uri: "URI",
} as const;

/**
 * The name-constraint part of Certificate.isValid: every subjectAltName below a CA against that CA's constraints.
 * Null when all names are allowed; otherwise Go's detail.
 * @throws {BudgetExceeded} when names times constraints exceed the limit
 */
export function constraintComplaint(
  ca: Certificate,
  below: readonly Certificate[],
  maxComparisons: number,
): string | null {
  const constraints = valueOf(nameConstraints(ca));
  if (constraints === undefined) return null;
  let comparisons = 0;
  for (const name of below.flatMap(namesOf)) {
    const ofKind = (list: readonly GeneralSubtree[] | null): readonly GeneralSubtree[] =>
      (list ?? []).filter(({ base }) => base.kind === name.kind);
    const excluded = ofKind(constraints.excluded);
    const permitted = ofKind(constraints.permitted);
    comparisons += excluded.length + permitted.length;
    if (comparisons > maxComparisons) throw new BudgetExceeded("name constraint comparisons");
    const shown = name.kind === "ip" ? "the address" : `"${name.value}"`;
    if (excluded.length + permitted.length > 0 && name.kind === "dns" && !isDomain(name.value))
      return `cannot parse dnsName ${shown}`;
    if (excluded.some(({ base }) => isInside(name, base)))
      return `${KIND_WORDS[name.kind]} ${shown} is excluded by a constraint`;
    if (permitted.length > 0 && !permitted.some(({ base }) => isInside(name, base)))
      return `${KIND_WORDS[name.kind]} ${shown} is not permitted by any constraint`;
  }
  return null;
}

function namesOf(certificate: Certificate): readonly Comparable[] {
  const names = goAltNames(certificate);
  if (names === null || typeof names === "string") return [];
  return [
    ...names.dns.map((value) => ({ kind: "dns", value }) as const),
    ...names.emails.map((value) => ({ kind: "email", value }) as const),
    ...names.addresses.map((value) => ({ kind: "ip", value }) as const),
    ...names.uriHosts.map((value) => ({ kind: "uri", value: value ?? "" }) as const),
  ];
}

/** domainToReverseLabels: no empty label at the end, printable ASCII only. */
function isDomain(name: string): boolean {
  const labels = name.replace(/^\./, "").split(".");
  return labels.every((label) => /^[!-~]+$/.test(label));
}

function isInside(name: Comparable, base: GeneralName): boolean {
  if (name.kind === "dns" && base.kind === "dns") return domainInside(name.value, base.value);
  if (name.kind === "uri" && base.kind === "uri") return domainInside(name.value, base.value);
  if (name.kind === "email" && base.kind === "email") return mailboxInside(name.value, base.value);
  if (name.kind === "ip" && base.kind === "ip") return addressInside(name.value, base.value);
  return false;
}

function domainInside(name: string, constraint: string): boolean {
  if (constraint === "") return true;
  const lower = name.replace(/^\./, "").toLowerCase();
  const tree = constraint.toLowerCase();
  if (tree.startsWith(".")) return lower.endsWith(tree) && lower.length > tree.length;
  return lower === tree || lower.endsWith(`.${tree}`);
}

function mailboxInside(name: string, constraint: string): boolean {
  const at = name.lastIndexOf("@");
  const baseAt = constraint.lastIndexOf("@");
  if (baseAt < 0) return domainInside(name.slice(at + 1), constraint);
  return (
    name.slice(0, at) === constraint.slice(0, baseAt) &&
    name.slice(at + 1).toLowerCase() === constraint.slice(baseAt + 1).toLowerCase()
  );
}

function addressInside(address: Uint8Array, constraint: Uint8Array): boolean {
  if (address.length * 2 !== constraint.length) return false;
  const mask = constraint.subarray(address.length);
  const masked = (octets: Uint8Array): Uint8Array =>
    octets.map((octet, i) => octet & (mask[i] ?? 0));
  return bytesEqual(masked(address), masked(constraint.subarray(0, address.length)));
}
