import type { DetectedFormat } from "./store-format.ts";
import type { StoreFile } from "./truststore.ts";

/**
 * Exceptions of `KeyStore.load`, as `class: message`, measured with OpenJDK 17 and 25. For a keystore they are those of
 * its own type; for a file that is none, those of PKCS12, the default type since JDK 9.
 */
export const WORDS = {
  endOfFile: "java.io.EOFException",
  invalidFormat: "java.io.IOException: Invalid keystore format",
  emptyFile: "java.io.IOException: Tag number over 30 is not supported",
  shortLength: "java.io.IOException: Short read of DER length",
  jksWrongPassword:
    "java.io.IOException: Keystore was tampered with, or password was incorrect (caused by java.security.UnrecoverableKeyException: Password verification failed)",
  pkcs12WrongPassword:
    "java.io.IOException: keystore password was incorrect (caused by java.security.UnrecoverableKeyException: failed to decrypt safe contents entry: javax.crypto.BadPaddingException: Given final block not properly padded. Such issues can arise if a bad key is used during decryption.)",
  pkcs12IntegrityFailed:
    "java.io.IOException: Integrity check failed: java.security.UnrecoverableKeyException: Failed PKCS12 integrity checking",
  pkcs12CertificateIterations: "java.io.IOException: cert PBE iteration count too large",
  pkcs12MacIterations:
    "java.io.IOException: Integrity check failed: java.security.InvalidAlgorithmParameterException: MAC iteration count too large",
  pkcs12PublicKeyProtected: "java.io.IOException: public key protected PKCS12 not supported",
  pkcs12NotVersion3: "java.io.IOException: PKCS12 keystore not in version 3 format",
  certificateUnreadable: "java.security.cert.CertificateException",
  noAnchors:
    "java.security.InvalidAlgorithmParameterException: the trustAnchors parameter must be non-empty",
  unrecognised:
    "java.security.KeyStoreException: Unrecognized keystore format. Please load it with a specified type",
} as const;

/** The MAC of RFC 9879 under the name by which Java fails to find it. */
export function macUnavailable(algorithm: string): string {
  return `java.io.IOException: Integrity check failed: java.security.NoSuchAlgorithmException: Algorithm HmacPBE${algorithm} not available`;
}

/** What Java says when it is given a file that is no keystore of type PKCS12 or JKS. */
export function notAKeystore(format: DetectedFormat, bytes: Uint8Array): string {
  const tag = bytes[0] ?? 0;
  switch (format) {
    case "der":
    case "pkipath":
    case "bcfks":
    case "certificate-request":
    case "revocation-list":
      return `java.io.IOException: DerValue.getBigIntegerInternal, not expected ${(bytes[contentOffset(bytes)] ?? 0).toString(10)}`;
    case "pkcs7":
      return "java.io.IOException: DerValue.getBigIntegerInternal, not expected 6";
    case "pem":
      return `java.io.IOException: toDerInputStream rejects tag type ${tag}`;
    case "jceks":
      return WORDS.invalidFormat;
    case "jks":
    case "pkcs12":
    case "bks":
    case "uber":
    case "cms-kdb":
    case "cms-stash":
    case "nss":
    case "nss-legacy":
    case "windows-sst":
    case "keepass":
    case "java-object":
    case "zip":
    case "private-key":
    case "unknown":
      return WORDS.unrecognised;
  }
}

/** Offset of the content of a DER element that starts at 0. */
function contentOffset(bytes: Uint8Array): number {
  const length = bytes[1] ?? 0;
  return length < 0x80 ? 2 : 2 + (length & 0x7f);
}

/**
 * What goes wrong in a Java client that uses this file as its truststore: the exception when it does not open, the late
 * and misleading message when it opens and holds no anchor, null when nothing does.
 */
export function javaComplaint(file: StoreFile): string | null {
  if (!file.java.opens) return file.java.message;
  return file.entries.some(({ visibleToJava }) => visibleToJava.visible) ? null : WORDS.noAnchors;
}
