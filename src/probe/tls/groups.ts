import { RUNTIME } from "./runtime-support.ts";
import { hex16 } from "./versions.ts";

interface GroupFacts {
  /** IANA TLS Supported Groups. */
  readonly code: number;
  /** IANA name in lower case. */
  readonly name: string;
  /** Size of the curve's field or of the prime in bits; of the curve's part in a hybrid. */
  readonly bits: number;
  /** Versions in which the code may be used. */
  readonly versions: "all" | "tls13" | "before-tls13";
}

/** An elliptic curve. */
export interface CurveGroup extends GroupFacts {
  readonly kind: "curve";
  /** How node:crypto names the curve; the name in a JSON Web Key where it has one (RFC 7518, RFC 8037). */
  readonly curve: string;
  /** Key type in a JSON Web Key; null where that format does not know the curve. */
  readonly keyType: "EC" | "OKP" | null;
  /** Bytes of a coordinate, or of the whole public key for `OKP`. */
  readonly size: number;
}

/** A finite field with a prime of RFC 7919, which `bits` tells. */
export interface FieldGroup extends GroupFacts {
  readonly kind: "field";
  readonly bits: FieldSize;
}

/** Sizes of the primes of RFC 7919. */
export const FIELD_SIZES = [2048, 3072, 4096, 6144, 8192] as const;

/** One of them. */
export type FieldSize = (typeof FIELD_SIZES)[number];

/** An elliptic curve together with ML-KEM: safe as long as one of the two is. */
export interface HybridGroup extends GroupFacts {
  readonly kind: "hybrid";
  readonly curve: CurveGroup;
  readonly kem: "ml-kem-768" | "ml-kem-1024";
  /** Whether the part of ML-KEM stands first, in the shares and in the secret. */
  readonly kemFirst: boolean;
}

/** A group in which the engine can agree on a secret. */
export type Group = CurveGroup | FieldGroup | HybridGroup;

const x25519 = {
  kind: "curve",
  code: 0x001d,
  name: "x25519",
  bits: 255,
  versions: "all",
  curve: "X25519",
  keyType: "OKP",
  size: 32,
} as const;
const nist = { kind: "curve", versions: "all", keyType: "EC" } as const;
const p256 = { ...nist, code: 0x17, name: "secp256r1", bits: 256, curve: "P-256", size: 32 };
const p384 = { ...nist, code: 0x18, name: "secp384r1", bits: 384, curve: "P-384", size: 48 };
const old = { kind: "curve", versions: "before-tls13", keyType: null } as const;
const brainpool13 = { kind: "curve", versions: "tls13", keyType: null } as const;
const bp256 = { bits: 256, curve: "brainpoolP256r1", size: 32 };
const bp384 = { bits: 384, curve: "brainpoolP384r1", size: 48 };
const bp512 = { bits: 512, curve: "brainpoolP512r1", size: 64 };
const field = { kind: "field", versions: "all" } as const;
const hybrid = { kind: "hybrid", versions: "tls13" } as const;
const kem768 = { kem: "ml-kem-768" } as const;
const kem1024 = { kem: "ml-kem-1024" } as const;

/**
 * Every group of the engine, in its order of preference: curves that nearly all servers have, then larger
 * and rarer ones, then those that cost a server or a hello more (RFC 8446 section 4.2.7, RFC 8422, RFC 7027,
 * RFC 8734, RFC 7919, draft-ietf-tls-ecdhe-mlkem).
 */
const ALL: readonly Group[] = [
  x25519,
  p256,
  p384,
  { ...nist, code: 0x19, name: "secp521r1", bits: 521, curve: "P-521", size: 66 },
  { ...x25519, code: 0x1e, name: "x448", bits: 448, curve: "X448", size: 56 },
  { ...brainpool13, code: 0x1f, name: "brainpoolp256r1tls13", ...bp256 },
  { ...brainpool13, code: 0x20, name: "brainpoolp384r1tls13", ...bp384 },
  { ...brainpool13, code: 0x21, name: "brainpoolp512r1tls13", ...bp512 },
  { ...old, code: 0x1a, name: "brainpoolp256r1", ...bp256 },
  { ...old, code: 0x1b, name: "brainpoolp384r1", ...bp384 },
  { ...old, code: 0x1c, name: "brainpoolp512r1", ...bp512 },
  { ...old, code: 0x16, name: "secp256k1", bits: 256, curve: "secp256k1", size: 32 },
  { ...old, code: 0x15, name: "secp224r1", bits: 224, curve: "secp224r1", size: 28 },
  { ...field, code: 0x0100, name: "ffdhe2048", bits: 2048 },
  { ...field, code: 0x0101, name: "ffdhe3072", bits: 3072 },
  { ...field, code: 0x0102, name: "ffdhe4096", bits: 4096 },
  { ...field, code: 0x0103, name: "ffdhe6144", bits: 6144 },
  { ...field, code: 0x0104, name: "ffdhe8192", bits: 8192 },
  {
    ...hybrid,
    ...kem768,
    code: 0x11ec,
    name: "x25519mlkem768",
    bits: 255,
    curve: x25519,
    kemFirst: true,
  },
  {
    ...hybrid,
    ...kem768,
    code: 0x11eb,
    name: "secp256r1mlkem768",
    bits: 256,
    curve: p256,
    kemFirst: false,
  },
  {
    ...hybrid,
    ...kem1024,
    code: 0x11ed,
    name: "secp384r1mlkem1024",
    bits: 384,
    curve: p384,
    kemFirst: false,
  },
];

function available(group: Group): boolean {
  switch (group.kind) {
    case "curve":
      return RUNTIME.brainpool || !group.name.startsWith("brainpool");
    case "field":
      return true;
    case "hybrid":
      return RUNTIME.mlKem;
  }
}

/** Every group that the engine can compute with this runtime, in its order of preference. */
export const GROUPS: readonly Group[] = ALL.filter(available);

const BY_CODE: ReadonlyMap<number, Group> = new Map(GROUPS.map((group) => [group.code, group]));

/** The group behind a code point; undefined when the engine cannot compute it. */
export function groupByCode(code: number): Group | undefined {
  return BY_CODE.get(code);
}

/** The group behind a code point that TLS 1.3 may use; undefined when the engine cannot compute it there. */
export function shareableGroup(code: number): Group | undefined {
  const group = BY_CODE.get(code);
  return group?.versions === "before-tls13" ? undefined : group;
}

/** Bytes of an encapsulation key (FIPS 203 table 3). */
const ENCAPSULATION_KEY = { "ml-kem-768": 1184, "ml-kem-1024": 1568 } as const;

/** Bytes of a client's key share in a group. */
export function shareLength(group: Group): number {
  switch (group.kind) {
    case "curve":
      return group.keyType === "OKP" ? group.size : 1 + 2 * group.size;
    case "field":
      return group.bits / 8;
    case "hybrid":
      return shareLength(group.curve) + ENCAPSULATION_KEY[group.kem];
  }
}

/** Names of registered groups that the engine does not compute. */
const OTHER_NAMES: ReadonlyMap<number, string> = new Map([
  ...ALL.map(({ code, name }) => [code, name] as const),
  [0x0009, "sect283k1"],
  [0x000a, "sect283r1"],
  [0x000b, "sect409k1"],
  [0x000c, "sect409r1"],
  [0x000d, "sect571k1"],
  [0x000e, "sect571r1"],
  [0x0012, "secp192k1"],
  [0x0013, "secp192r1"],
  [0x0014, "secp224k1"],
  [0x0029, "curvesm2"],
  [0x0200, "mlkem512"],
  [0x0201, "mlkem768"],
  [0x0202, "mlkem1024"],
  [0x6399, "x25519kyber768draft00"],
]);

/** Name of a group; `0xhhhh` when it is not known. */
export function groupName(code: number): string {
  return OTHER_NAMES.get(code) ?? hex16(code);
}
