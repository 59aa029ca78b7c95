import { hex16 } from "./versions.ts";

/** Key types of node:crypto that sign handshakes. */
export type SigningKeyType = "rsa" | "rsa-pss" | "ec" | "dsa" | "ed25519" | "ed448";

/** A signature scheme that the engine can verify and make (IANA TLS SignatureScheme). */
export interface SignatureScheme {
  readonly code: number;
  /** IANA name. */
  readonly name: string;
  readonly keyType: SigningKeyType;
  /** Null where the scheme has its own hash (EdDSA). */
  readonly hash: "md5-sha1" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512" | null;
  readonly padding: "pss" | "pkcs1" | null;
  /** Curve that TLS 1.3 ties to the scheme; TLS 1.2 allows any. */
  readonly curve: "secp256r1" | "secp384r1" | "secp521r1" | null;
  /** Whether a TLS 1.3 CertificateVerify may use it (RFC 8446 section 4.2.3). */
  readonly tls13: boolean;
}

const none = { hash: null, padding: null, curve: null, tls13: true } as const;
const pss = { padding: "pss", curve: null, tls13: true } as const;
const pkcs1 = { keyType: "rsa", padding: "pkcs1", curve: null, tls13: false } as const;
const ecdsa = { keyType: "ec", padding: null, tls13: true } as const;
const oldEcdsa = { ...ecdsa, curve: null, tls13: false } as const;
const dsa = { keyType: "dsa", padding: null, curve: null, tls13: false } as const;

/** Every scheme of the engine, in its order of preference (RFC 8446 section 4.2.3). */
export const SIGNATURE_SCHEMES: readonly SignatureScheme[] = [
  { code: 0x0403, name: "ecdsa_secp256r1_sha256", ...ecdsa, hash: "sha256", curve: "secp256r1" },
  { code: 0x0503, name: "ecdsa_secp384r1_sha384", ...ecdsa, hash: "sha384", curve: "secp384r1" },
  { code: 0x0603, name: "ecdsa_secp521r1_sha512", ...ecdsa, hash: "sha512", curve: "secp521r1" },
  { code: 0x0807, name: "ed25519", ...none, keyType: "ed25519" },
  { code: 0x0808, name: "ed448", ...none, keyType: "ed448" },
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

/** What a TLS 1.2 hello without `signature_algorithms` accepts (RFC 5246 section 7.4.1.4.1). */
export const SHA1_SCHEMES: readonly number[] = [0x0201, 0x0202, 0x0203];

/** Registered schemes that servers list although the engine does not use them. */
const OTHER_NAMES: ReadonlyMap<number, string> = new Map([
  [0x0101, "rsa_pkcs1_md5"],
  [0x0502, "dsa_sha384"],
  [0x0602, "dsa_sha512"],
  [0x081a, "ecdsa_brainpoolP256r1tls13_sha256"],
  [0x081b, "ecdsa_brainpoolP384r1tls13_sha384"],
  [0x081c, "ecdsa_brainpoolP512r1tls13_sha512"],
  [0x0904, "mldsa44"],
  [0x0905, "mldsa65"],
  [0x0906, "mldsa87"],
]);

/** Name of a scheme; `0xhhhh` when it is not known. */
export function signatureSchemeName(code: number): string {
  return BY_CODE.get(code)?.name ?? OTHER_NAMES.get(code) ?? hex16(code);
}
