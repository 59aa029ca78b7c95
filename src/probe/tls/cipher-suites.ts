import { cipherSuiteName } from "./cipher-suite-names.ts";

/** A cipher suite by code and name. */
export interface NamedCipherSuite {
  readonly code: number;
  /** IANA name. */
  readonly name: string;
}

/**
 * Suites before TLS 1.3 that servers have, those first that a server should prefer: ephemeral keys before static
 * ones, AEAD ciphers before others, AES before the rest. Rare ones (ARIA, CCM_8 with RSA keys) are left out.
 */
export const USUAL_SUITES_12: readonly number[] = [
  0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc0ac, 0xc0ad, 0xc0ae, 0xc0af, 0x009e, 0x009f,
  0xccaa, 0xc09e, 0xc09f, 0xc023, 0xc027, 0xc024, 0xc028, 0xc009, 0xc013, 0xc00a, 0xc014, 0x0067,
  0x006b, 0x0033, 0x0039, 0x009c, 0x009d, 0xc09c, 0xc09d, 0x003c, 0x003d, 0x002f, 0x0035, 0xc072,
  0xc076, 0xc073, 0xc077, 0x00be, 0x00c4, 0x0045, 0x0088, 0x00ba, 0x00c0, 0x0041, 0x0084, 0x00a2,
  0x00a3, 0x0040, 0x006a, 0x0032, 0x0038, 0xc008, 0xc012, 0x0016, 0x0013, 0x000a,
];

const named = (codes: readonly number[]): readonly NamedCipherSuite[] =>
  codes.map((code) => ({ code, name: cipherSuiteName(code) }));

/** Suites of TLS 1.3, in order of preference. */
const SUITES_13: readonly number[] = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305];

/** What every current server has: the suites of TLS 1.3, and of 1.2 those with ECDHE and an AEAD cipher. */
export const MODERN_SUITES: readonly number[] = [...SUITES_13, ...USUAL_SUITES_12.slice(0, 6)];

/**
 * Suites that the wide hello offers, in order of preference: modern ones first, so that a server that goes by the
 * client's order picks what it would pick for a modern client. No more than the 64 that every server bears.
 */
export const CIPHER_SUITES: readonly NamedCipherSuite[] = named([...SUITES_13, ...USUAL_SUITES_12]);
