import type { Certificate } from "../../x509/certificate.ts";
import { type GeneralSubtree, type NameConstraints, valueOf } from "../../x509/extensions.ts";
import { type GeneralName, parseAddress, unmapAddress } from "../../x509/general-name.ts";
import { type Attribute, canonicalName, type Name } from "../../x509/name.ts";
import { COMMON_NAME, EMAIL_ADDRESS } from "../../x509/oids.ts";
import type { Budget } from "../budget.ts";
import type { JavaRules } from "../profile.ts";
import { javaAltNames } from "./general-names.ts";

/** What became of a name constraint check: fine, violated, or a form that Java refuses to evaluate. */
export type ConstraintOutcome =
  | { readonly kind: "satisfied" }
  | { readonly kind: "violated"; readonly name: GeneralName }
  | { readonly kind: "unsupported"; readonly text: string };

const SATISFIED: ConstraintOutcome = { kind: "satisfied" };

/**
 * NameConstraintsExtension.verify(X509Certificate): subject, alternative names, and the last CN as a name of its own.
 */
export function checkNameConstraints(
  certificate: Certificate,
  constraints: NameConstraints,
  options: { readonly rules: JavaRules; readonly budget: Budget },
): ConstraintOutcome {
  const subtrees = [...(constraints.permitted ?? []), ...(constraints.excluded ?? [])];
  const distance = subtrees.find(({ minimum, maximum }) => minimum !== 0 || maximum !== null);
  if (distance !== undefined)
    return {
      kind: "unsupported",
      text:
        distance.minimum !== 0
          ? "Non-zero minimum BaseDistance in name constraints not supported"
          : "Maximum BaseDistance in name constraints not supported",
    };
  for (const name of constrainedNames(certificate)) {
    options.budget.comparisons(subtrees.length);
    const outcome = checkName(name, constraints, options.rules);
    if (outcome.kind !== "satisfied") return outcome;
  }
  return SATISFIED;
}

/** Every name of a certificate that Java holds against name constraints, in the order of its checks. */
export function constrainedNames(certificate: Certificate): readonly GeneralName[] {
  const { subject } = certificate;
  const names: GeneralName[] = [];
  if (subject.rdns.length > 0) names.push({ kind: "directory", value: subject });
  const decoded = valueOf(javaAltNames(certificate));
  const alternatives: GeneralName[] = [...(decoded ?? [])];
  if (decoded === undefined)
    for (const attribute of subject.rdns.flat())
      if (attribute.type === EMAIL_ADDRESS)
        alternatives.push({ kind: "email", value: attribute.text });
  const fromCommonName = commonNameAsName(subject, alternatives);
  return [...names, ...alternatives, ...(fromCommonName === null ? [] : [fromCommonName])];
}

/** X500Name.findMostSpecificAttribute(CN): the last one in encoded order. */
export function mostSpecificCommonName(subject: Name): Attribute | undefined {
  return subject.rdns.flat().findLast(({ type }) => type === COMMON_NAME);
}

/** The CN as the name that Java holds against constraints; null when a name of its type exists or it is none. */
export function commonNameAsName(
  subject: Name,
  others: readonly GeneralName[],
): GeneralName | null {
  const commonName = mostSpecificCommonName(subject)?.text;
  if (commonName === undefined) return null;
  const address = parseAddress(commonName);
  if (address !== null)
    return others.some(({ kind }) => kind === "ip") ? null : { kind: "ip", value: address };
  if (others.some(({ kind }) => kind === "dns") || !isDnsSyntax(commonName)) return null;
  return { kind: "dns", value: commonName };
}

/** The syntax that the DNSName constructor accepts. */
function isDnsSyntax(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9][A-Za-z0-9-]*)*$/.test(text);
}

function checkName(
  name: GeneralName,
  { permitted, excluded }: NameConstraints,
  rules: JavaRules,
): ConstraintOutcome {
  const violated: ConstraintOutcome = { kind: "violated", name };
  for (const { base } of excluded ?? []) {
    const relation = relate(base, name, rules);
    if (relation === "unsupported") return unsupported(name);
    if (relation === "inside") return violated;
    if (rules.wildcardsMeetExclusions && wildcardCovers(name, base)) return violated;
  }
  let sameType = false;
  for (const { base } of permitted ?? []) {
    const relation = relate(base, name, rules);
    if (relation === "unsupported") return unsupported(name);
    if (relation === "inside") return SATISFIED;
    if (relation === "outside") sameType = true;
  }
  return sameType ? violated : SATISFIED;
}

function unsupported(name: GeneralName): ConstraintOutcome {
  return {
    kind: "unsupported",
    text: `Narrowing, widening, and matching of ${name.kind} names not supported`,
  };
}

type Relation = "other-type" | "inside" | "outside" | "unsupported";

/** GeneralNameInterface.constrains: where a name lies relative to one subtree. */
function relate(base: GeneralSubtree["base"], name: GeneralName, rules: JavaRules): Relation {
  switch (base.kind) {
    case "dns":
      return name.kind === "dns" ? inside(dnsInside(name.value, base.value)) : "other-type";
    case "email":
      return name.kind === "email" ? inside(emailInside(name.value, base.value)) : "other-type";
    case "uri":
      return name.kind === "uri" ? inside(uriInside(name.value, base.value)) : "other-type";
    case "ip":
      return name.kind === "ip"
        ? inside(addressInside(name.value, base.value, rules))
        : "other-type";
    case "directory":
      return name.kind === "directory"
        ? inside(directoryInside(name.value, base.value))
        : "other-type";
    case "registered-id":
      if (name.kind !== "registered-id") return "other-type";
      return name.value === base.value ? "inside" : "unsupported";
    case "other":
    case "x400":
    case "edi-party":
      return name.kind === base.kind ? "unsupported" : "other-type";
  }
}

const inside = (isInside: boolean): Relation => (isInside ? "inside" : "outside");

function dnsInside(name: string, base: string): boolean {
  const lower = name.toLowerCase();
  const tree = base.toLowerCase();
  if (lower === tree || tree === "") return true;
  if (!lower.endsWith(tree)) return false;
  const at = lower.length - tree.length;
  return (lower[at - 1] === ".") !== (lower[at] === ".");
}

/** Whether a wildcard name could be expanded to a name that the excluded subtree holds. */
function wildcardCovers(name: GeneralName, base: GeneralName): boolean {
  if (name.kind !== "dns" || base.kind !== "dns" || !name.value.startsWith("*.")) return false;
  const suffix = name.value.slice(1).toLowerCase();
  const tree = base.value.toLowerCase();
  return (
    tree.endsWith(suffix) &&
    tree.length > suffix.length &&
    !tree.slice(0, -suffix.length).includes(".")
  );
}

function emailInside(name: string, base: string): boolean {
  const lower = name.toLowerCase();
  const tree = base.toLowerCase();
  if (lower === tree) return true;
  if (!lower.endsWith(tree) || tree.includes("@")) return false;
  return tree.startsWith(".") || lower[lower.length - tree.length - 1] === "@";
}

function uriInside(name: string, base: string): boolean {
  const host = /^[^:]+:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/:?#]*)/.exec(name)?.[1]?.toLowerCase();
  if (host === undefined) return false;
  const tree = base.toLowerCase();
  return tree.startsWith(".") ? dnsInside(host, tree) : host === tree;
}

function addressInside(name: Uint8Array, base: Uint8Array, rules: JavaRules): boolean {
  const address = rules.mappedAddressesAreIpv4 ? unmapAddress(name) : name;
  const subnet = rules.mappedAddressesAreIpv4 ? unmappedSubnet(base) : base;
  const half = subnet.length / 2;
  if (address.length === subnet.length) return subnetInside(address, subnet);
  if (address.length !== half) return false;
  return address.every((octet, i) => (octet & (subnet[half + i] ?? 0)) === subnet[i]);
}

/** A name that is itself address and mask: it must lie inside and be at least as narrow. */
function subnetInside(name: Uint8Array, subnet: Uint8Array): boolean {
  const half = subnet.length / 2;
  return Array.from({ length: half }, (_, i) => i).every((i) => {
    const mask = subnet[half + i] ?? 0;
    const ownMask = name[half + i] ?? 0;
    return (ownMask & mask) === mask && ((name[i] ?? 0) & mask) === ((subnet[i] ?? 0) & mask);
  });
}

function unmappedSubnet(subnet: Uint8Array): Uint8Array {
  if (subnet.length !== 32) return subnet;
  const base = unmapAddress(subnet.subarray(0, 16));
  const prefixMasked = subnet.subarray(16, 28).every((octet) => octet === 0xff);
  if (base.length !== 4 || !prefixMasked) return subnet;
  return Uint8Array.from([...base, ...subnet.subarray(28)]);
}

function directoryInside(name: Name, base: Name): boolean {
  if (base.rdns.length === 0) return true;
  const text = `${canonicalName(name, "java")}\n`;
  return text.startsWith(`${canonicalName(base, "java")}\n`);
}
