import { RUNTIME } from "./runtime-support.ts";
import { hex16 } from "./versions.ts";

/** Key types of node:crypto that sign handshakes. */
export type SigningKeyType =
  | "rsa"
  | "rsa-pss"
  | "ec"
  | "dsa"
  | "ed25519"
  | "ed448"
  | "ml-dsa-44"
  | "ml-dsa-65"
  | "ml-dsa-87";

/** A signature scheme that the engine can verify and make (IANA TLS SignatureScheme). */
export interface SignatureScheme {
  readonly code: number;
  /** IANA name. */
  readonly name: string;
  readonly keyType: SigningKeyType;
  /** Null where the scheme has its own hash (EdDSA, ML-DSA). */
  readonly hash: "md5-sha1" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512" | null;
  readonly padding: "pss" | "pkcs1" | null;
  /** Curve that TLS 1.3 ties to the scheme; TLS 1.2 allows any. */
  readonly curve:
    | "secp256r1"
    | "secp384r1"
    | "secp521r1"
    | "brainpoolP256r1"
    | "brainpoolP384r1"
    | "brainpoolP512r1"
    | null;
  /** Whether a TLS 1.3 CertificateVerify may use it (RFC 8446 section 4.2.3). */
  readonly tls13: boolean;
  /** Whether TLS 1.2 may use it; schemes that came after TLS 1.3 are for it alone. */
  readonly tls12: boolean;
}

const both = { tls13: true, tls12: true } as const;
const since13 = { tls13: true, tls12: false } as const;
const none = { hash: null, padding: null, curve: null, ...both } as const;
const pss = { padding: "pss", curve: null, ...both } as const;
const pkcs1 = {
  keyType: "rsa",
  padding: "pkcs1",
  curve: null,
  tls13: false,
  tls12: true,
} as const;
const ecdsa = { keyType: "ec", padding: null, ...both } as const;
const brainpool = { ...ecdsa, ...since13 } as const;
const mlDsa = { ...none, ...since13 } as const;
const oldEcdsa = { ...ecdsa, curve: null, tls13: false } as const;
const dsa = { keyType: "dsa", padding: null, curve: null, tls13: false, tls12: true } as const;

/**
 * Every scheme of the engine, in its order of preference (RFC 8446 section 4.2.3, RFC 8734,
 * draft-ietf-tls-mldsa).
 */
const ALL: readonly SignatureScheme[] = [
  { code: 0x0403, name: "ecdsa_secp256r1_sha256", ...ecdsa, hash: "sha256", curve: "secp256r1" },
  { code: 0x0503, name: "ecdsa_secp384r1_sha384", ...ecdsa, hash: "sha384", curve: "secp384r1" },
  { code: 0x0603, name: "ecdsa_secp521r1_sha512", ...ecdsa, hash: "sha512", curve: "secp521r1" },
  { code: 0x0807, name: "ed25519", ...none, keyType: "ed25519" },
  { code: 0x0808, name: "ed448", ...none, keyType: "ed448" },
  {
    code: 0x081a,
    name: "ecdsa_brainpoolP256r1tls13_sha256",
    ...brainpool,
    hash: "sha256",
    curve: "brainpoolP256r1",
  },
  {
    code: 0x081b,
    name: "ecdsa_brainpoolP384r1tls13_sha384",
    ...brainpool,
    hash: "sha384",
    curve: "brainpoolP384r1",
  },
  {
    code: 0x081c,
    name: "ecdsa_brainpoolP512r1tls13_sha512",
    ...brainpool,
    hash: "sha512",
    curve: "brainpoolP512r1",
  },
  { code: 0x0904, name: "mldsa44", ...mlDsa, keyType: "ml-dsa-44" },
  { code: 0x0905, name: "mldsa65", ...mlDsa, keyType: "ml-dsa-65" },
  { code: 0x0906, name: "mldsa87", ...mlDsa, keyType: "ml-dsa-87" },
  { code: 0x0804, name: "rsa_pss_rsae_sha256", ...pss, keyType: "rsa", hash: "sha256" },
  { code: 0x0805, name: "rsa_pss_rsae_sha384", ...pss, keyType: "rsa", hash: "sha384" },
  { code: 0x0806, name: "rsa_pss_rsae_sha512", ...pss, keyType: "rsa", hash: "sha512" },
  { code: 0x0809, name: "rsa_pss_pss_sha256", ...pss, keyType: "rsa-pss", hash: "sha256" },
  { code: 0x080a, name: "rsa_pss_pss_sha384", ...pss, keyType: "rsa-pss", hash: "sha384" },
  { code: 0x080b, name: "rsa_pss_pss_sha512", ...pss, keyType: "rsa-pss", hash: "sha512" },
  { code: 0x0401, name: "rsa_pkcs1_sha256", ...pkcs1, hash: "sha256" },
  { code: 0x0501, name: "rsa_pkcs1_sha384", ...pkcs1, hash: "sha384" },
  { code: 0x0601, name: "rsa_pkcs1_sha512", ...pkcs1, hash: "sha512" },
  { code: 0x0303, name: "ecdsa_sha224", ...oldEcdsa, hash: "sha224" },
  { code: 0x0301, name: "rsa_pkcs1_sha224", ...pkcs1, hash: "sha224" },
  { code: 0x0402, name: "dsa_sha256", ...dsa, hash: "sha256" },
  { code: 0x0302, name: "dsa_sha224", ...dsa, hash: "sha224" },
  { code: 0x0203, name: "ecdsa_sha1", ...oldEcdsa, hash: "sha1" },
  { code: 0x0201, name: "rsa_pkcs1_sha1", ...pkcs1, hash: "sha1" },
  { code: 0x0202, name: "dsa_sha1", ...dsa, hash: "sha1" },
];

function available({ keyType, curve }: SignatureScheme): boolean {
  if (keyType.startsWith("ml-dsa")) return RUNTIME.mlDsa;
  return RUNTIME.brainpool || curve?.startsWith("brainpool") !== true;
}

/** Every scheme that the engine can use with this runtime, in its order of preference. */
export const SIGNATURE_SCHEMES: readonly SignatureScheme[] = ALL.filter(available);

/**
 * What TLS 1.1 and older sign with: nothing but the key decides, and the message does not name it
 * (RFC 4346 sections 7.4.3 and 7.4.8, RFC 8422 section 5.4). Their codes are not written there.
 */
export const SCHEMES_BEFORE_12: readonly SignatureScheme[] = [
  { code: 0, name: "rsa_pkcs1_md5_sha1", ...pkcs1, hash: "md5-sha1" },
  { code: 0x0203, name: "ecdsa_sha1", ...oldEcdsa, hash: "sha1" },
  { code: 0x0202, name: "dsa_sha1", ...dsa, hash: "sha1" },
];

const BY_CODE: ReadonlyMap<number, SignatureScheme> = new Map(
  SIGNATURE_SCHEMES.map((scheme) => [scheme.code, scheme]),
);

/** The scheme behind a code point; undefined when the engine cannot verify it. */
export function signatureScheme(code: number): SignatureScheme | undefined {
  return BY_CODE.get(code);
}

/** Whether a version may use a scheme. */
export function schemeAllowed(scheme: SignatureScheme, tls13: boolean): boolean {
  return tls13 ? scheme.tls13 : scheme.tls12;
}

/** What a TLS 1.2 hello without `signature_algorithms` accepts (RFC 5246 section 7.4.1.4.1). */
export const SHA1_SCHEMES: readonly number[] = [0x0201, 0x0202, 0x0203];

/** Registered schemes that servers list although the engine does not use them. */
const OTHER_NAMES: ReadonlyMap<number, string> = new Map([
  ...ALL.map(({ code, name }) => [code, name] as const),
  [0x0101, "rsa_pkcs1_md5"],
  [0x0502, "dsa_sha384"],
  [0x0602, "dsa_sha512"],
  [0x0704, "eccsi_sha256"],
  [0x0707, "sm2sig_sm3"],
]);

/** Name of a scheme; `0xhhhh` when it is not known. */
export function signatureSchemeName(code: number): string {
  return BY_CODE.get(code)?.name ?? OTHER_NAMES.get(code) ?? hex16(code);
}
