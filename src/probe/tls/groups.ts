/** A Diffie-Hellman group that the engine can compute (IANA TLS Supported Groups). */
export interface Group {
  readonly code: number;
  /** IANA name in lower case. */
  readonly name: string;
  /** How node:crypto names the curve, and its key type in a JSON Web Key (RFC 7518, RFC 8037). */
  readonly curve: string;
  readonly keyType: "EC" | "OKP";
  /** Bytes of a coordinate (EC) or of the whole public key (OKP). */
  readonly size: number;
}

/** Every group of the engine, in its order of preference (RFC 8446 section 4.2.7, RFC 8422). */
export const GROUPS: readonly Group[] = [
  { code: 0x001d, name: "x25519", curve: "X25519", keyType: "OKP", size: 32 },
  { code: 0x0017, name: "secp256r1", curve: "P-256", keyType: "EC", size: 32 },
  { code: 0x0018, name: "secp384r1", curve: "P-384", keyType: "EC", size: 48 },
  { code: 0x0019, name: "secp521r1", curve: "P-521", keyType: "EC", size: 66 },
  { code: 0x001e, name: "x448", curve: "X448", keyType: "OKP", size: 56 },
];

const BY_CODE: ReadonlyMap<number, Group> = new Map(GROUPS.map((group) => [group.code, group]));

/** The group behind a code point; undefined when the engine cannot compute it. */
export function groupByCode(code: number): Group | undefined {
  return BY_CODE.get(code);
}
