/** Name of an AEAD algorithm as node:crypto spells it. */
export type AeadCipher =
  | "aes-128-gcm"
  | "aes-256-gcm"
  | "aes-128-ccm"
  | "aes-256-ccm"
  | "aria-128-gcm"
  | "aria-256-gcm"
  | "chacha20-poly1305";

/** An AEAD algorithm as cipher suites use it. */
export interface Aead {
  readonly cipher: AeadCipher;
  /** Bytes. */
  readonly keyLength: 16 | 32;
  /** Bytes of the authentication tag; 8 in the CCM_8 suites (RFC 6655). */
  readonly tagLength: 16 | 8;
}

/** Every AEAD algorithm of the engine, by the name that it has inside the names of cipher suites. */
export const AEADS = {
  AES_128_GCM: { cipher: "aes-128-gcm", keyLength: 16, tagLength: 16 },
  AES_256_GCM: { cipher: "aes-256-gcm", keyLength: 32, tagLength: 16 },
  AES_128_CCM: { cipher: "aes-128-ccm", keyLength: 16, tagLength: 16 },
  AES_256_CCM: { cipher: "aes-256-ccm", keyLength: 32, tagLength: 16 },
  AES_128_CCM_8: { cipher: "aes-128-ccm", keyLength: 16, tagLength: 8 },
  AES_256_CCM_8: { cipher: "aes-256-ccm", keyLength: 32, tagLength: 8 },
  ARIA_128_GCM: { cipher: "aria-128-gcm", keyLength: 16, tagLength: 16 },
  ARIA_256_GCM: { cipher: "aria-256-gcm", keyLength: 32, tagLength: 16 },
  CHACHA20_POLY1305: { cipher: "chacha20-poly1305", keyLength: 32, tagLength: 16 },
} as const satisfies Record<string, Aead>;
