import { cipherSuiteName } from "./cipher-suite-names.ts";

/** A cipher suite by code and name. */
export interface NamedCipherSuite {
  readonly code: number;
  /** IANA name. */
  readonly name: string;
}

/**
 * Suites that the wide hello offers, in order of preference. Longer lists than 64 make some servers hang up, so
 * ARIA and the CCM_8 suites with RSA, which are rare, are left out.
 */
export const CIPHER_SUITES: readonly NamedCipherSuite[] = [
  0x1301, 0x1302, 0x1303, 0x1304, 0x1305, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8,
].map((code) => ({ code, name: cipherSuiteName(code) }));
