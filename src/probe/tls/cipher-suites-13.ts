import { type Aead, AEADS } from "./aeads.ts";
import type { SuiteHash } from "./hashes.ts";

/** A TLS 1.3 cipher suite that the engine can complete (RFC 8446 appendix B.4). */
export interface CipherSuite13 {
  readonly code: number;
  /** IANA name. */
  readonly name: string;
  readonly aead: Aead;
  readonly hash: SuiteHash;
}

/** Every TLS 1.3 suite of the engine, in its order of preference. */
export const CIPHER_SUITES_13: readonly CipherSuite13[] = [
  { code: 0x1301, name: "TLS_AES_128_GCM_SHA256", aead: AEADS.AES_128_GCM, hash: "sha256" },
  { code: 0x1302, name: "TLS_AES_256_GCM_SHA384", aead: AEADS.AES_256_GCM, hash: "sha384" },
  {
    code: 0x1303,
    name: "TLS_CHACHA20_POLY1305_SHA256",
    aead: AEADS.CHACHA20_POLY1305,
    hash: "sha256",
  },
  { code: 0x1304, name: "TLS_AES_128_CCM_SHA256", aead: AEADS.AES_128_CCM, hash: "sha256" },
  { code: 0x1305, name: "TLS_AES_128_CCM_8_SHA256", aead: AEADS.AES_128_CCM_8, hash: "sha256" },
];

const BY_CODE: ReadonlyMap<number, CipherSuite13> = new Map(
  CIPHER_SUITES_13.map((suite) => [suite.code, suite]),
);

/** The TLS 1.3 suite behind a code point; undefined when the engine cannot complete it. */
export function cipherSuite13(code: number): CipherSuite13 | undefined {
  return BY_CODE.get(code);
}
