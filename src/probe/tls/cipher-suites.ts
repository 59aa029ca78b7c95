import { type SupportedVersion, Version } from "./versions.ts";

/** Name of an AEAD algorithm as node:crypto spells it. */
export type AeadName = "aes-128-gcm" | "aes-256-gcm" | "chacha20-poly1305";

/** A hash that suites use for their key derivation. */
export type SuiteHash = "sha256" | "sha384";

/** A cipher suite that the engine can complete (IANA TLS Cipher Suites). */
export interface CipherSuite {
  readonly code: number;
  /** IANA name. */
  readonly name: string;
  readonly version: SupportedVersion;
  readonly aead: AeadName;
  /** Bytes. */
  readonly keyLength: number;
  readonly hash: SuiteHash;
  /** Key type that signs the key exchange in TLS 1.2; null in TLS 1.3, where suites do not say. */
  readonly authentication: "rsa" | "ecdsa" | null;
}

const aeads = {
  "aes-128-gcm": { aead: "aes-128-gcm", keyLength: 16, hash: "sha256" },
  "aes-256-gcm": { aead: "aes-256-gcm", keyLength: 32, hash: "sha384" },
  "chacha20-poly1305": { aead: "chacha20-poly1305", keyLength: 32, hash: "sha256" },
} as const;

function suite13(code: number, name: string, aead: AeadName): CipherSuite {
  return {
    code,
    name,
    version: Version.tls13,
    ...aeads[aead],
    authentication: null,
  };
}

function suite12(
  code: number,
  name: string,
  aead: AeadName,
  authentication: "rsa" | "ecdsa",
): CipherSuite {
  return { code, name, version: Version.tls12, ...aeads[aead], authentication };
}

/** Every suite of the engine, in its order of preference (RFC 8446 appendix B.4, RFC 5289, RFC 7905). */
export const CIPHER_SUITES: readonly CipherSuite[] = [
  suite13(0x1301, "TLS_AES_128_GCM_SHA256", "aes-128-gcm"),
  suite13(0x1302, "TLS_AES_256_GCM_SHA384", "aes-256-gcm"),
  suite13(0x1303, "TLS_CHACHA20_POLY1305_SHA256", "chacha20-poly1305"),
  suite12(0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "aes-128-gcm", "ecdsa"),
  suite12(0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "aes-128-gcm", "rsa"),
  suite12(0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "aes-256-gcm", "ecdsa"),
  suite12(0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "aes-256-gcm", "rsa"),
  suite12(0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "chacha20-poly1305", "ecdsa"),
  suite12(0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "chacha20-poly1305", "rsa"),
];

const BY_CODE: ReadonlyMap<number, CipherSuite> = new Map(
  CIPHER_SUITES.map((suite) => [suite.code, suite]),
);

/** The suite behind a code point; undefined when the engine cannot complete it. */
export function cipherSuite(code: number): CipherSuite | undefined {
  return BY_CODE.get(code);
}
