import type { KeyObject } from "node:crypto";

/** A private key of a keystore with the certificates that are stored with it. The key itself is never shown. */
export interface PrivateKeyEntry {
  /** Null where the format or the file has none. */
  readonly alias: string | null;
  /** DER, the key's own certificate first. */
  readonly chain: readonly Uint8Array[];
  readonly key: KeyObject;
}

/** Why the private keys of a file cannot be had; closed list. */
export type PrivateKeyErrorCode =
  | "unreadable"
  | "unsupported"
  | "wrong-password"
  | "password-required"
  | "wrong-key-password"
  | "no-key"
  | "no-such-alias"
  | "no-certificate"
  | "key-unusable"
  | "key-mismatch";

/** A failure to read private keys; the message shows neither key nor password. */
export interface PrivateKeyError {
  readonly code: PrivateKeyErrorCode;
  readonly message: string;
}

/** Carries a PrivateKeyError out of nested reading; turned into data at the edge. */
export class PrivateKeyFault extends Error {
  readonly error: PrivateKeyError;

  constructor(code: PrivateKeyErrorCode, message: string) {
    super(message);
    this.name = "PrivateKeyFault";
    this.error = { code, message };
  }
}

/** A key as it is stored, before anyone has tried to open it. */
export interface StoredKey {
  readonly alias: string | null;
  /** DER, the key's own certificate first; empty when the file has none for it. */
  readonly chain: readonly Uint8Array[];
  /** The PKCS#8 PrivateKeyInfo. @throws {PrivateKeyFault} when the password does not open it */
  readonly open: (password: string | null) => Promise<Uint8Array>;
}
