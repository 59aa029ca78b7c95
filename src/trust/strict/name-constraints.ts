import { bytesEqual } from "../../x509/der-values.ts";
import type { Certificate } from "../../x509/certificate.ts";
import {
  type GeneralSubtree,
  type NameConstraints,
  subjectAltName,
  valueOf,
} from "../../x509/extensions.ts";
import type { GeneralName } from "../../x509/general-name.ts";
import { canonicalName } from "../../x509/name.ts";
import { EMAIL_ADDRESS } from "../../x509/oids.ts";

/** The first name of a certificate that constraints forbid or that cannot be compared; null when all are fine. */
export function forbiddenName(
  certificate: Certificate,
  constraints: NameConstraints,
): GeneralName | null {
  for (const name of namesOf(certificate)) {
    const permitted = (constraints.permitted ?? []).filter(
      (subtree) => subtree.base.kind === name.kind,
    );
    const excluded = (constraints.excluded ?? []).filter(
      (subtree) => subtree.base.kind === name.kind,
    );
    if (permitted.length + excluded.length === 0) continue;
    if (!isComparable(name)) return name;
    if (permitted.length > 0 && !permitted.some((subtree) => isInside(name, subtree))) return name;
    if (excluded.some((subtree) => isInside(name, subtree) || coversExcluded(name, subtree)))
      return name;
  }
  return null;
}

/** How many comparisons a check may need. */
export function comparisonCount(
  certificate: Certificate,
  { permitted, excluded }: NameConstraints,
): number {
  return namesOf(certificate).length * ((permitted ?? []).length + (excluded ?? []).length);
}

function namesOf(certificate: Certificate): readonly GeneralName[] {
  const { subject } = certificate;
  const alternatives = valueOf(subjectAltName(certificate));
  const emails = subject.rdns
    .flat()
    .flatMap(({ type, text }): readonly GeneralName[] =>
      type === EMAIL_ADDRESS ? [{ kind: "email", value: text }] : [],
    );
  return [
    ...(subject.rdns.length > 0 ? [{ kind: "directory", value: subject } as const] : []),
    ...emails,
    ...(alternatives ?? []),
  ];
}

/** Malformed names lie in no subtree and outside none. */
function isComparable(name: GeneralName): boolean {
  switch (name.kind) {
    case "dns":
      return /^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$/.test(
        name.value,
      );
    case "ip":
      return name.value.length === 4 || name.value.length === 16;
    case "email":
      return /^[^@\s]+@[^@\s]+$/.test(name.value);
    case "uri":
      return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(name.value);
    case "directory":
      return true;
    case "registered-id":
    case "other":
    case "x400":
    case "edi-party":
      return false;
  }
}

function isInside(name: GeneralName, { base }: GeneralSubtree): boolean {
  if (name.kind === "dns" && base.kind === "dns")
    return labelsInside(name.value, base.value.replace(/^\./, ""));
  if (name.kind === "ip" && base.kind === "ip") return addressInside(name.value, base.value);
  if (name.kind === "email" && base.kind === "email") return mailboxInside(name.value, base.value);
  if (name.kind === "uri" && base.kind === "uri") return hostInside(name.value, base.value);
  if (name.kind === "directory" && base.kind === "directory")
    return (
      base.value.rdns.length === 0 ||
      `${canonicalName(name.value, "openssl")}\n`.startsWith(
        `${canonicalName(base.value, "openssl")}\n`,
      )
    );
  return false;
}

function labelsInside(name: string, base: string): boolean {
  const lower = name.toLowerCase();
  const tree = base.toLowerCase();
  return tree === "" || lower === tree || lower.endsWith(`.${tree}`);
}

/** A wildcard stands for every label: it must not reach a name that is excluded (RFC 9525 against RFC 5280). */
function coversExcluded(name: GeneralName, { base }: GeneralSubtree): boolean {
  if (name.kind !== "dns" || base.kind !== "dns" || !name.value.startsWith("*.")) return false;
  return labelsInside(base.value, name.value.slice(2));
}

function addressInside(name: Uint8Array, base: Uint8Array): boolean {
  if (name.length * 2 !== base.length) return false;
  const mask = base.subarray(name.length);
  return bytesEqual(
    name.map((octet, i) => octet & (mask[i] ?? 0)),
    base.subarray(0, name.length).map((octet, i) => octet & (mask[i] ?? 0)),
  );
}

function mailboxInside(name: string, base: string): boolean {
  const host = name.slice(name.lastIndexOf("@") + 1).toLowerCase();
  const tree = base.toLowerCase();
  if (tree.includes("@"))
    return (
      name.slice(0, name.lastIndexOf("@")) === base.slice(0, base.lastIndexOf("@")) &&
      host === tree.slice(tree.lastIndexOf("@") + 1)
    );
  return tree.startsWith(".") ? host.endsWith(tree) : host === tree;
}

function hostInside(uri: string, base: string): boolean {
  const host = /^[^:]+:\/\/(?:[^/?#@]*@)?([^/:?#]+)/.exec(uri)?.[1]?.toLowerCase();
  const tree = base.toLowerCase();
  return host !== undefined && (tree.startsWith(".") ? host.endsWith(tree) : host === tree);
}
