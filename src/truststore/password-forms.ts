/** A password in the two encodings that PKCS#12 asks for. */
export interface PasswordForm {
  /** BMPString with two zero octets behind it, for the key derivation of RFC 7292 appendix B. */
  readonly bmp: Uint8Array;
  /** For PBKDF2 (RFC 8018). */
  readonly utf8: Uint8Array;
}

/** BMPString with two zero octets behind it (RFC 7292 appendix B.1). */
export function bmpPassword(password: string): Uint8Array {
  return Buffer.from(`${password}\0`, "utf16le").swap16();
}

/**
 * The forms to try for a password. Writers disagree about the empty one: Java and OpenSSL's "" use the two zero octets
 * alone, OpenSSL's NULL nothing at all (sun.security.pkcs12.PKCS12KeyStore.RetryWithZero tries both).
 */
export function passwordForms(password: string): readonly PasswordForm[] {
  const utf8 = Buffer.from(password, "utf8");
  const bmp = bmpPassword(password);
  return password === ""
    ? [
        { bmp, utf8 },
        { bmp: new Uint8Array(0), utf8 },
      ]
    : [{ bmp, utf8 }];
}
