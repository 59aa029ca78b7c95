import { type Aead, AEADS } from "./aeads.ts";
import { type SupportedVersion, Version } from "./versions.ts";

/** A hash that suites use for their key derivation. */
export type SuiteHash = "sha256" | "sha384";

/** A cipher suite that the engine can complete (IANA TLS Cipher Suites). */
export interface CipherSuite {
  readonly code: number;
  /** IANA name. */
  readonly name: string;
  readonly version: SupportedVersion;
  readonly aead: Aead;
  readonly hash: SuiteHash;
  /** Key type that signs the key exchange in TLS 1.2; null in TLS 1.3, where suites do not say. */
  readonly authentication: "rsa" | "ecdsa" | null;
}

const aes128 = { aead: AEADS.AES_128_GCM, hash: "sha256" } as const;
const aes256 = { aead: AEADS.AES_256_GCM, hash: "sha384" } as const;
const chacha20 = { aead: AEADS.CHACHA20_POLY1305, hash: "sha256" } as const;
const ccm = { aead: AEADS.AES_128_CCM, hash: "sha256" } as const;
const ccm8 = { aead: AEADS.AES_128_CCM_8, hash: "sha256" } as const;
const tls13 = { version: Version.tls13, authentication: null } as const;
const rsa = { version: Version.tls12, authentication: "rsa" } as const;
const ecdsa = { version: Version.tls12, authentication: "ecdsa" } as const;

/** Every suite of the engine, in its order of preference (RFC 8446 appendix B.4, RFC 5289, RFC 7905). */
export const CIPHER_SUITES: readonly CipherSuite[] = [
  { code: 0x1301, name: "TLS_AES_128_GCM_SHA256", ...tls13, ...aes128 },
  { code: 0x1302, name: "TLS_AES_256_GCM_SHA384", ...tls13, ...aes256 },
  { code: 0x1303, name: "TLS_CHACHA20_POLY1305_SHA256", ...tls13, ...chacha20 },
  { code: 0x1304, name: "TLS_AES_128_CCM_SHA256", ...tls13, ...ccm },
  { code: 0x1305, name: "TLS_AES_128_CCM_8_SHA256", ...tls13, ...ccm8 },
  { code: 0xc02b, name: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", ...ecdsa, ...aes128 },
  { code: 0xc02f, name: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", ...rsa, ...aes128 },
  { code: 0xc02c, name: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", ...ecdsa, ...aes256 },
  { code: 0xc030, name: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", ...rsa, ...aes256 },
  { code: 0xcca9, name: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", ...ecdsa, ...chacha20 },
  { code: 0xcca8, name: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", ...rsa, ...chacha20 },
];

const BY_CODE: ReadonlyMap<number, CipherSuite> = new Map(
  CIPHER_SUITES.map((suite) => [suite.code, suite]),
);

/** The suite behind a code point; undefined when the engine cannot complete it. */
export function cipherSuite(code: number): CipherSuite | undefined {
  return BY_CODE.get(code);
}
