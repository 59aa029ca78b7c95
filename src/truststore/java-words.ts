/**
 * Exceptions of `KeyStore.load`, as `class: message`, measured with OpenJDK 17 and 25: of type JKS for a JKS file, else
 * of type PKCS12, the default since JDK 9.
 */
export const WORDS = {
  endOfFile: "java.io.EOFException",
  invalidFormat: "java.io.IOException: Invalid keystore format",
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
  bksIntegrityFailed: "java.io.IOException: KeyStore integrity check failed.",
  bcfksMacFailed: "java.io.IOException: BCFKS KeyStore corrupted: MAC calculation failed",
  noAnchors:
    "java.security.InvalidAlgorithmParameterException: the trustAnchors parameter must be non-empty",
} as const;

/** The MAC of RFC 9879 under the name by which Java fails to find it. */
export function macUnavailable(algorithm: string): string {
  return `java.io.IOException: Integrity check failed: java.security.NoSuchAlgorithmException: Algorithm HmacPBE${algorithm} not available`;
}
