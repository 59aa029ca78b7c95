import type { ExtensionSpec } from "./certificate-spec.ts";
import { bits, integer, octets, oid, sequence, value, yes } from "./der-writer.ts";
import { encodeName, type NameSpec } from "./names.ts";

/** A GeneralName to be written (RFC 5280 section 4.2.1.6). */
export type GeneralNameSpec =
  | { readonly kind: "dns" | "email" | "uri"; readonly text: string }
  | { readonly kind: "ip"; readonly octets: readonly number[] }
  | { readonly kind: "directory"; readonly name: NameSpec }
  | { readonly kind: "registered-id"; readonly oid: string }
  | { readonly kind: "other"; readonly text: string }
  | { readonly kind: "raw"; readonly tag: number; readonly octets: readonly number[] };

const TEXT_TAGS = { email: 0x81, dns: 0x82, uri: 0x86 } as const;

function encodeGeneralName(name: GeneralNameSpec): Buffer {
  switch (name.kind) {
    case "dns":
    case "email":
    case "uri":
      return value(TEXT_TAGS[name.kind], Buffer.from(name.text, "latin1"));
    case "ip":
      return value(0x87, Uint8Array.from(name.octets));
    case "directory":
      return value(0xa4, encodeName(name.name));
    case "registered-id":
      return value(0x88, oid(name.oid).subarray(2));
    case "other":
      return value(
        0xa0,
        oid("1.3.6.1.4.1.311.20.2.3"),
        value(0xa0, value(0x0c, Buffer.from(name.text, "utf8"))),
      );
    case "raw":
      return value(name.tag, Uint8Array.from(name.octets));
  }
}

/** A GeneralName for people. */
export function describeName(name: GeneralNameSpec): string {
  switch (name.kind) {
    case "dns":
    case "email":
    case "uri":
    case "other":
      return `${name.kind}:${name.text}`;
    case "ip":
      return `ip:${name.octets.join(".")}`;
    case "directory":
      return `dir:${name.name.map((rdn) => rdn.map(({ type, text }) => `${type}=${text}`).join("+")).join("/")}`;
    case "registered-id":
      return `rid:${name.oid}`;
    case "raw":
      return `raw:${name.tag.toString(16)}:${Buffer.from(name.octets).toString("hex")}`;
  }
}

const extension = (
  identifier: string,
  critical: boolean,
  content: Uint8Array,
  label: string,
): ExtensionSpec => ({ oid: identifier, critical, value: content, label });

/** basicConstraints. */
export function basicConstraints(
  ca: boolean,
  pathLength: number | null,
  critical = true,
): ExtensionSpec {
  const content = sequence(
    ...(ca ? [yes] : []),
    ...(pathLength === null ? [] : [integer(pathLength)]),
  );
  return extension("2.5.29.19", critical, content, `BC ca=${ca} pathLen=${pathLength}`);
}

/** keyUsage from the numbers of its bits. */
export function keyUsage(numbers: readonly number[], critical = true): ExtensionSpec {
  const octetsOf = [0, 0];
  for (const number of numbers)
    octetsOf[number >> 3] = (octetsOf[number >> 3] ?? 0) | (0x80 >> (number & 7));
  const highest = Math.max(0, ...numbers);
  const content = Uint8Array.from(octetsOf.slice(0, (highest >> 3) + 1));
  const encoded = numbers.length === 0 ? bits(Uint8Array.of()) : bits(content, 7 - (highest & 7));
  return extension("2.5.29.15", critical, encoded, `KU ${numbers.join(",")}`);
}

/** extendedKeyUsage from dotted identifiers. */
export const extendedKeyUsage = (purposes: readonly string[], critical = false): ExtensionSpec =>
  extension("2.5.29.37", critical, sequence(...purposes.map(oid)), `EKU ${purposes.join(",")}`);

/** subjectAltName. */
export const subjectAltName = (
  names: readonly GeneralNameSpec[],
  critical = false,
): ExtensionSpec =>
  extension(
    "2.5.29.17",
    critical,
    sequence(...names.map(encodeGeneralName)),
    `SAN ${names.map(describeName).join(" ")}`,
  );

/** subjectKeyIdentifier. */
export const subjectKeyIdentifier = (identifier: Uint8Array): ExtensionSpec =>
  extension(
    "2.5.29.14",
    false,
    octets(identifier),
    `SKI ${Buffer.from(identifier).toString("hex").slice(0, 8)}`,
  );

/** authorityKeyIdentifier in any of its forms. */
export function authorityKeyIdentifier(
  parts: {
    readonly key?: Uint8Array;
    readonly issuer?: NameSpec;
    readonly serial?: Uint8Array;
  },
  critical = false,
): ExtensionSpec {
  const content = sequence(
    ...(parts.key === undefined ? [] : [value(0x80, parts.key)]),
    ...(parts.issuer === undefined ? [] : [value(0xa1, value(0xa4, encodeName(parts.issuer)))]),
    ...(parts.serial === undefined ? [] : [value(0x82, parts.serial)]),
  );
  const key = parts.key === undefined ? "" : Buffer.from(parts.key).toString("hex").slice(0, 8);
  const rest = `${parts.issuer === undefined ? "" : " issuer"}${parts.serial === undefined ? "" : " serial"}`;
  return extension("2.5.29.35", critical, content, `AKI ${key}${rest}`);
}

/** One subtree of nameConstraints. */
export interface SubtreeSpec {
  readonly base: GeneralNameSpec;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** nameConstraints. */
export function nameConstraints(
  permitted: readonly SubtreeSpec[],
  excluded: readonly SubtreeSpec[],
  critical = true,
): ExtensionSpec {
  const subtree = ({ base, minimum, maximum }: SubtreeSpec): Buffer =>
    sequence(
      encodeGeneralName(base),
      ...(minimum === undefined ? [] : [value(0x80, integer(minimum).subarray(2))]),
      ...(maximum === undefined ? [] : [value(0x81, integer(maximum).subarray(2))]),
    );
  const list = (tag: number, subtrees: readonly SubtreeSpec[]): readonly Buffer[] =>
    subtrees.length === 0 ? [] : [value(tag, ...subtrees.map(subtree))];
  const show = (subtrees: readonly SubtreeSpec[]): string =>
    subtrees.map(({ base }) => describeName(base)).join(" ");
  return extension(
    "2.5.29.30",
    critical,
    sequence(...list(0xa0, permitted), ...list(0xa1, excluded)),
    `NC permitted [${show(permitted)}] excluded [${show(excluded)}]`,
  );
}

/** certificatePolicies. */
export const certificatePolicies = (policies: readonly string[], critical = false): ExtensionSpec =>
  extension(
    "2.5.29.32",
    critical,
    sequence(...policies.map((policy) => sequence(oid(policy)))),
    `CP ${policies.join(",")}`,
  );

/** policyMappings: pairs of issuer and subject domain policy. */
export const policyMappings = (
  pairs: readonly (readonly [string, string])[],
  critical = false,
): ExtensionSpec =>
  extension(
    "2.5.29.33",
    critical,
    sequence(...pairs.map(([from, to]) => sequence(oid(from), oid(to)))),
    `PM ${pairs.map((pair) => pair.join(">")).join(",")}`,
  );

/** policyConstraints. */
export const policyConstraints = (
  explicit: number | null,
  inhibitMapping: number | null,
  critical = true,
): ExtensionSpec =>
  extension(
    "2.5.29.36",
    critical,
    sequence(
      ...(explicit === null ? [] : [value(0x80, integer(explicit).subarray(2))]),
      ...(inhibitMapping === null ? [] : [value(0x81, integer(inhibitMapping).subarray(2))]),
    ),
    `PC explicit=${explicit} inhibitMapping=${inhibitMapping}`,
  );

/** inhibitAnyPolicy. */
export const inhibitAnyPolicy = (skip: number, critical = true): ExtensionSpec =>
  extension("2.5.29.54", critical, integer(skip), `inhibitAny ${skip}`);

/** Netscape certificate type from its octet. */
export const netscapeCertType = (octet: number): ExtensionSpec =>
  extension("2.16.840.1.113730.1.1", false, bits(Uint8Array.of(octet)), `NS ${octet.toString(16)}`);

/** An extension that no client knows. */
export const unknownExtension = (critical: boolean): ExtensionSpec =>
  extension(
    "1.3.6.1.4.1.99999.1",
    critical,
    value(0x0c, Buffer.from("x")),
    `unknown critical=${critical}`,
  );

/** An extension of any kind with any content. */
export const rawExtension = extension;

/** authorityInfoAccess (RFC 5280 section 4.2.2.1): where something about the issuer is published. */
export const authorityInfoAccess = (
  places: readonly { readonly method: string; readonly uri: string }[],
): ExtensionSpec =>
  extension(
    "1.3.6.1.5.5.7.1.1",
    false,
    sequence(
      ...places.map(({ method, uri }) =>
        sequence(oid(method), encodeGeneralName({ kind: "uri", text: uri })),
      ),
    ),
    "AIA",
  );
