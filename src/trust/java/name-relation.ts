import { canonicalName, type Name } from "../../x509/name.ts";
import { unmapAddress } from "../../x509/general-name.ts";
import type { JavaRules } from "../profile.ts";
import { JavaCrash } from "./crash.ts";
import type { JavaName } from "./general-names.ts";

/**
 * GeneralNameInterface.constrains: what the second name is to the first one. `narrows` lies inside it, `widens` holds
 * it, `same-type` is apart from it.
 */
export type NameRelation = "other-type" | "match" | "narrows" | "widens" | "same-type";

/** The rules of a release that decide how names relate. */
export type RelationRules = Pick<
  JavaRules,
  "mappedAddressesAreIpv4" | "addressFamiliesCollide" | "wording"
>;

/** Relation of `other` to `name`. @throws {JavaCrash} where Java throws a RuntimeException */
export function relate(name: JavaName, other: JavaName, rules: RelationRules): NameRelation {
  switch (name.kind) {
    case "dns":
      return other.kind === "dns" ? dnsRelation(name.value, other.value, rules) : "other-type";
    case "email":
      return other.kind === "email" ? emailRelation(name.value, other.value) : "other-type";
    case "uri":
      return other.kind === "uri" ? uriRelation(name, other, rules) : "other-type";
    case "ip":
      return other.kind === "ip" ? addressRelation(name.value, other.value, rules) : "other-type";
    case "directory":
      return other.kind === "directory" ? directoryRelation(name.value, other.value) : "other-type";
    case "registered-id":
      if (other.kind !== "registered-id") return "other-type";
      if (name.value === other.value) return "match";
      throw unsupported("Narrowing and widening are not supported for OIDNames");
    case "other":
      if (other.kind !== "other") return "other-type";
      throw unsupported("Narrowing, widening, and matching are not supported for OtherName.");
    case "x400":
      if (other.kind !== "x400") return "other-type";
      throw unsupported("Narrowing, widening, and match are not supported for X400Address.");
    case "edi-party":
      if (other.kind !== "edi-party") return "other-type";
      throw unsupported(
        "Narrowing, widening, and matching of names not supported for EDIPartyName",
      );
  }
}

function unsupported(text: string): JavaCrash {
  return new JavaCrash([`java.lang.UnsupportedOperationException: ${text}`]);
}

/** String.charAt(0) of an empty text. */
function emptyText({ wording }: RelationRules): JavaCrash {
  const text =
    wording === "25" ? "Index 0 out of bounds for length 0" : "String index out of range: 0";
  return new JavaCrash([`java.lang.StringIndexOutOfBoundsException: ${text}`]);
}

function dnsRelation(name: string, other: string, rules: RelationRules): NameRelation {
  const [tree, inner] = [name.toLowerCase(), other.toLowerCase()];
  if (inner === tree) return "match";
  if (inner === "" || tree === "") throw emptyText(rules);
  if (tree.endsWith(inner)) return atLabel(tree, inner) ? "widens" : "same-type";
  if (inner.endsWith(tree)) return atLabel(inner, tree) ? "narrows" : "same-type";
  return "same-type";
}

/** Whether a suffix begins at a label: one dot, either before it or as its first character. */
function atLabel(text: string, suffix: string): boolean {
  return (text[text.length - suffix.length - 1] === ".") !== suffix.startsWith(".");
}

function emailRelation(name: string, other: string): NameRelation {
  const [tree, inner] = [name.toLowerCase(), other.toLowerCase()];
  if (inner === tree) return "match";
  if (tree.endsWith(inner)) return coversMailbox(inner, tree) ? "widens" : "same-type";
  if (inner.endsWith(tree)) return coversMailbox(tree, inner) ? "narrows" : "same-type";
  return "same-type";
}

function coversMailbox(domain: string, mailbox: string): boolean {
  if (domain.includes("@")) return false;
  return domain.startsWith(".") || mailbox[mailbox.length - domain.length - 1] === "@";
}

function uriRelation(
  name: Extract<JavaName, { kind: "uri" }>,
  other: Extract<JavaName, { kind: "uri" }>,
  rules: RelationRules,
): NameRelation {
  if (other.host === null || name.host === null)
    throw new JavaCrash([
      'java.lang.NullPointerException: Cannot invoke "String.equalsIgnoreCase(String)" because "otherHost" is null',
    ]);
  if (other.host.toLowerCase() === name.host.toLowerCase()) return "match";
  if (name.isAddress || other.isAddress) return "same-type";
  const isDomain = name.host.startsWith(".");
  const isOtherDomain = other.host.startsWith(".");
  const relation = dnsRelation(bare(name.host), bare(other.host), rules);
  if (!isDomain && !isOtherDomain && (relation === "widens" || relation === "narrows"))
    return "same-type";
  if (isDomain !== isOtherDomain && relation === "match") return isDomain ? "widens" : "narrows";
  return relation;
}

const bare = (host: string): string => host.replace(/^\./, "");

function directoryRelation(name: Name, other: Name): NameRelation {
  const [tree, inner] = [canonicalName(name, "java"), canonicalName(other, "java")];
  if (inner === tree) return "match";
  if (other.rdns.length === 0) return "widens";
  if (name.rdns.length === 0) return "narrows";
  if (inner.startsWith(`${tree}\n`)) return "narrows";
  return tree.startsWith(`${inner}\n`) ? "widens" : "same-type";
}

function addressRelation(name: Uint8Array, other: Uint8Array, rules: RelationRules): NameRelation {
  const [own, inner] = rules.mappedAddressesAreIpv4
    ? [unmapped(name), unmapped(other)]
    : [name, other];
  const [isSubnet, isOtherSubnet] = [own, inner].map(({ length }) => length === 8 || length === 32);
  if (own.length === inner.length)
    return isSubnet === true
      ? subnetRelation(own, inner)
      : equal(own, inner)
        ? "match"
        : "same-type";
  if (rules.addressFamiliesCollide) {
    if (isOtherSubnet === true) return holdsHost(inner, own) ? "widens" : "same-type";
    return isSubnet === true && holdsHost(own, inner) ? "narrows" : "same-type";
  }
  if (isOtherSubnet === true && inner.length === own.length * 2)
    return holdsHost(inner, own) ? "widens" : "same-type";
  if (isSubnet === true && own.length === inner.length * 2)
    return holdsHost(own, inner) ? "narrows" : "same-type";
  return "same-type";
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.every((octet, i) => octet === b[i]);

/** Whether a subnet holds a host; where the families are not kept apart Java runs off the end of the shorter one. */
function holdsHost(subnet: Uint8Array, host: Uint8Array): boolean {
  const half = subnet.length / 2;
  for (let i = 0; i < half; i++) {
    const octet = host[i];
    if (octet === undefined)
      throw new JavaCrash([
        `java.lang.ArrayIndexOutOfBoundsException: Index ${i} out of bounds for length ${host.length}`,
      ]);
    if ((octet & (subnet[half + i] ?? 0)) !== subnet[i]) return false;
  }
  return true;
}

function subnetRelation(own: Uint8Array, other: Uint8Array): NameRelation {
  const half = own.length / 2;
  const parts = (octets: Uint8Array): readonly (readonly [base: number, mask: number])[] =>
    Array.from({ length: half }, (_, i) => [octets[i] ?? 0, octets[half + i] ?? 0]);
  const [mine, theirs] = [parts(own), parts(other)];
  const pairs = mine.map(([base, mask], i) => {
    const [otherBase = 0, otherMask = 0] = theirs[i] ?? [];
    return { base, mask, otherBase, otherMask };
  });
  if (
    pairs.every(
      ({ base, mask, otherBase, otherMask }) =>
        (base & mask) === (otherBase & otherMask) && mask === otherMask,
    )
  )
    return "match";
  // a base with bits outside its mask holds no address at all
  const isEmpty = mine.some(([base, mask]) => (base & mask) !== base);
  const isOtherEmpty = theirs.some(([base, mask]) => (base & mask) !== base);
  if (isEmpty || isOtherEmpty)
    return isEmpty && isOtherEmpty ? "match" : isEmpty ? "widens" : "narrows";
  if (
    pairs.every(
      ({ base, mask, otherBase, otherMask }) =>
        (mask & otherMask) === mask && (base & mask) === (otherBase & mask),
    )
  )
    return "narrows";
  return pairs.every(
    ({ base, mask, otherBase, otherMask }) =>
      (otherMask & mask) === otherMask && (otherBase & otherMask) === (base & otherMask),
  )
    ? "widens"
    : "same-type";
}

function unmapped(octets: Uint8Array): Uint8Array {
  if (octets.length === 16) return unmapAddress(octets);
  if (octets.length !== 32) return octets;
  const base = unmapAddress(octets.subarray(0, 16));
  const prefixMasked = octets.subarray(16, 28).every((octet) => octet === 0xff);
  return base.length === 4 && prefixMasked
    ? Uint8Array.from([...base, ...octets.subarray(28)])
    : octets;
}
