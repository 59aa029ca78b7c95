/** A digest of PKCS#12 and PBKDF2 by its node:crypto name. */
export interface Digest {
  readonly name:
    | "md5"
    | "sha1"
    | "sha224"
    | "sha256"
    | "sha384"
    | "sha512"
    | "sha512-224"
    | "sha512-256"
    | "sha3-256"
    | "sha3-512";
  /** As people write it, e.g. `SHA-256`. */
  readonly label: string;
  /** Octets of the result. */
  readonly size: number;
  /** Octets of a block; the `v` of RFC 7292 appendix B. */
  readonly block: number;
}

const MD5: Digest = { name: "md5", label: "MD5", size: 16, block: 64 };
const SHA1: Digest = { name: "sha1", label: "SHA-1", size: 20, block: 64 };
const SHA224: Digest = { name: "sha224", label: "SHA-224", size: 28, block: 64 };
const SHA256: Digest = { name: "sha256", label: "SHA-256", size: 32, block: 64 };
const SHA384: Digest = { name: "sha384", label: "SHA-384", size: 48, block: 128 };
const SHA512: Digest = { name: "sha512", label: "SHA-512", size: 64, block: 128 };
const SHA512_224: Digest = { name: "sha512-224", label: "SHA-512/224", size: 28, block: 128 };
const SHA512_256: Digest = { name: "sha512-256", label: "SHA-512/256", size: 32, block: 128 };

const SHA3_256: Digest = { name: "sha3-256", label: "SHA3-256", size: 32, block: 136 };
const SHA3_512: Digest = { name: "sha3-512", label: "SHA3-512", size: 64, block: 72 };

/** The digest of every PBE algorithm of PKCS#12, and the default of PBKDF2. */
export const SHA_1 = SHA1;

/** Digests by object identifier (RFC 8017 appendix B.1). */
export const DIGESTS: ReadonlyMap<string, Digest> = new Map([
  ["1.2.840.113549.2.5", MD5],
  ["1.3.14.3.2.26", SHA1],
  ["2.16.840.1.101.3.4.2.4", SHA224],
  ["2.16.840.1.101.3.4.2.1", SHA256],
  ["2.16.840.1.101.3.4.2.2", SHA384],
  ["2.16.840.1.101.3.4.2.3", SHA512],
  ["2.16.840.1.101.3.4.2.5", SHA512_224],
  ["2.16.840.1.101.3.4.2.6", SHA512_256],
]);

/** HMACs by object identifier (RFC 8018 appendix B.1; SHA-3 by NIST). */
export const HMACS: ReadonlyMap<string, Digest> = new Map([
  ["1.2.840.113549.2.7", SHA1],
  ["1.2.840.113549.2.8", SHA224],
  ["1.2.840.113549.2.9", SHA256],
  ["1.2.840.113549.2.10", SHA384],
  ["1.2.840.113549.2.11", SHA512],
  ["1.2.840.113549.2.12", SHA512_224],
  ["1.2.840.113549.2.13", SHA512_256],
  ["2.16.840.1.101.3.4.2.14", SHA3_256],
  ["2.16.840.1.101.3.4.2.16", SHA3_512],
]);
