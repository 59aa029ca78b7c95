import { readBitString, readIntegerBytes, readOid } from "./der-values.ts";
import { DerError, DerReader, type Element, encodingOf, inside, onlyElement, Tag } from "./der.ts";

/** What kind of key a certificate carries. */
export type KeyType =
  | "rsa"
  | "rsa-pss"
  | "ec"
  | "ed25519"
  | "ed448"
  | "dsa"
  | "ml-dsa-44"
  | "ml-dsa-65"
  | "ml-dsa-87"
  | "x25519"
  | "x448"
  | "unknown";

/** Facts about a subject public key (RFC 5280 section 4.1.2.7). */
export interface PublicKeyInfo {
  readonly type: KeyType;
  /** Dotted algorithm identifier. */
  readonly oid: string;
  /** Size in bits as clients count it (RSA modulus, EC field); null when it is not known. */
  readonly bits: number | null;
  /** Curve name such as `secp256r1`; null for other keys, unknown curves and explicit parameters. */
  readonly curve: string | null;
  /** Whether an EC key spells out its curve instead of naming it. */
  readonly explicitCurve: boolean;
}

const KEY_TYPES: ReadonlyMap<string, KeyType> = new Map<string, KeyType>([
  ["1.2.840.113549.1.1.1", "rsa"],
  ["1.2.840.113549.1.1.10", "rsa-pss"],
  ["1.2.840.10045.2.1", "ec"],
  ["1.3.101.112", "ed25519"],
  ["1.3.101.113", "ed448"],
  ["1.3.101.110", "x25519"],
  ["1.3.101.111", "x448"],
  ["1.2.840.10040.4.1", "dsa"],
  ["2.16.840.1.101.3.4.3.17", "ml-dsa-44"],
  ["2.16.840.1.101.3.4.3.18", "ml-dsa-65"],
  ["2.16.840.1.101.3.4.3.19", "ml-dsa-87"],
]);

const FIXED_BITS: Partial<Record<KeyType, number>> = {
  ed25519: 255,
  ed448: 448,
  x25519: 255,
  x448: 448,
};

/** Named curves by object identifier: name and field size in bits (SEC 2, RFC 5639, X9.62). */
const CURVES: ReadonlyMap<string, readonly [name: string, bits: number]> = new Map([
  ["1.2.840.10045.3.1.1", ["secp192r1", 192]],
  ["1.2.840.10045.3.1.7", ["secp256r1", 256]],
  ["1.3.132.0.8", ["secp160r1", 160]],
  ["1.3.132.0.10", ["secp256k1", 256]],
  ["1.3.132.0.31", ["secp192k1", 192]],
  ["1.3.132.0.32", ["secp224k1", 224]],
  ["1.3.132.0.33", ["secp224r1", 224]],
  ["1.3.132.0.34", ["secp384r1", 384]],
  ["1.3.132.0.35", ["secp521r1", 521]],
  ["1.3.36.3.3.2.8.1.1.7", ["brainpoolP256r1", 256]],
  ["1.3.36.3.3.2.8.1.1.9", ["brainpoolP320r1", 320]],
  ["1.3.36.3.3.2.8.1.1.11", ["brainpoolP384r1", 384]],
  ["1.3.36.3.3.2.8.1.1.13", ["brainpoolP512r1", 512]],
]);

/** Facts about the key in a SubjectPublicKeyInfo; what cannot be understood comes out as a key without a size. */
export function publicKeyInfo(spki: Uint8Array): PublicKeyInfo {
  try {
    return readPublicKeyInfo(onlyElement(spki, Tag.sequence, "a SubjectPublicKeyInfo"));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return { type: "unknown", oid: "", bits: null, curve: null, explicitCurve: false };
  }
}

function readPublicKeyInfo(spki: Element): PublicKeyInfo {
  const reader = inside(spki);
  const algorithm = reader.enter(Tag.sequence, "an AlgorithmIdentifier");
  const oid = readOid(algorithm.expect(Tag.oid, "an algorithm"));
  const parameters = algorithm.done ? undefined : algorithm.next();
  const key = readBitString(reader.expect(Tag.bitString, "a public key"));
  const type = KEY_TYPES.get(oid) ?? "unknown";
  const facts = { type, oid, bits: FIXED_BITS[type] ?? null, curve: null, explicitCurve: false };
  switch (type) {
    case "rsa":
    case "rsa-pss":
      return { ...facts, bits: orNull(() => rsaBits(key.bytes)) };
    case "dsa":
      return {
        ...facts,
        bits: parameters === undefined ? null : orNull(() => dsaBits(parameters)),
      };
    case "ec": {
      if (parameters?.tag !== Tag.oid)
        return { ...facts, explicitCurve: parameters?.tag === Tag.sequence };
      const curve = CURVES.get(orNull(() => readOid(parameters)) ?? "");
      return { ...facts, curve: curve?.[0] ?? null, bits: curve?.[1] ?? null };
    }
    case "ed25519":
    case "ed448":
    case "x25519":
    case "x448":
    case "ml-dsa-44":
    case "ml-dsa-65":
    case "ml-dsa-87":
    case "unknown":
      return facts;
  }
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

function rsaBits(key: Uint8Array): number {
  const sequence = inside(onlyElement(key, Tag.sequence, "an RSAPublicKey"));
  return integerBits(sequence.expect(Tag.integer, "a modulus"));
}

function dsaBits(parameters: Element): number | null {
  if (parameters.tag !== Tag.sequence) return null;
  const bytes = encodingOf(parameters);
  return integerBits(new DerReader(bytes).enter(Tag.sequence, "Dss-Parms").next());
}

function integerBits(element: Element): number {
  const bytes = readIntegerBytes(element);
  const first = bytes.findIndex((octet) => octet !== 0);
  if (first < 0) return 0;
  return (bytes.length - first) * 8 - Math.clz32(bytes[first] ?? 0) + 24;
}
