import type { Certificate } from "../../x509/certificate.ts";
import { signedBy, type JavaContext } from "./context.ts";
import { keyAlgorithm } from "./algorithm-names.ts";

/** X509Certificate.verify: null when the signature is good, else the exception that it raises. */
export function signatureComplaint(
  context: JavaContext,
  certificate: Certificate,
  issuer: Certificate,
): readonly string[] | null {
  const { signatureAlgorithm, signatureIdentifier, signature } = certificate;
  const { publicKey } = issuer;
  if (signatureAlgorithm === null)
    return [
      `java.security.NoSuchAlgorithmException: ${signatureIdentifier.oid} Signature not available`,
    ];
  const { scheme } = signatureAlgorithm;
  const key = keyAlgorithm(publicKey);
  if (!fits(scheme, key))
    return [
      scheme === "eddsa"
        ? "java.security.InvalidKeyException: Unsupported key type"
        : `java.security.InvalidKeyException: No installed provider supports this key: ${KEY_CLASSES[key] ?? key}`,
    ];
  if (publicKey.type === "ec" && !isUsableCurve(publicKey.curve, context))
    return [`${SIGNATURE_EXCEPTION} Curve not supported: ${curveText(publicKey.curve ?? "")}`];
  if (signedBy(context, certificate, issuer)) return null;
  const expected = Math.ceil((publicKey.bits ?? 0) / 8);
  if (key === "RSA" && signature.length !== expected) {
    const what = scheme === "rsa-pss" ? "Signature length not correct" : "Bad signature length";
    return [
      `${SIGNATURE_EXCEPTION} ${what}: got ${signature.length} but was expecting ${expected}`,
    ];
  }
  return [`${SIGNATURE_EXCEPTION} Signature does not match.`];
}

/** The exception for which JSSE sends bad_certificate. */
export const SIGNATURE_EXCEPTION = "java.security.SignatureException:";

const KEY_CLASSES: Readonly<Record<string, string>> = {
  RSA: "sun.security.rsa.RSAPublicKeyImpl",
  "RSASSA-PSS": "sun.security.rsa.RSAPublicKeyImpl",
  EC: "sun.security.ec.ECPublicKeyImpl",
  EdDSA: "sun.security.ec.ed.EdDSAPublicKeyImpl",
  XDH: "sun.security.ec.XDHPublicKeyImpl",
  DSA: "sun.security.provider.DSAPublicKeyImpl",
};

function fits(scheme: string, key: string): boolean {
  switch (scheme) {
    case "rsa-pkcs1":
      return key === "RSA";
    case "rsa-pss":
      return key === "RSA" || key === "RSASSA-PSS";
    case "ecdsa":
      return key === "EC";
    case "dsa":
      return key === "DSA";
    case "eddsa":
      return key === "EdDSA";
    default:
      return key === "ML-DSA";
  }
}

function isUsableCurve(curve: string | null, { rules }: JavaContext): boolean {
  return (
    curve !== null && (rules.verifiableCurves === null || rules.verifiableCurves.includes(curve))
  );
}

/** NamedCurve.toString. */
const CURVE_TEXTS: Readonly<Record<string, string>> = {
  secp224r1: "secp224r1 [NIST P-224] (1.3.132.0.33)",
  secp256k1: "secp256k1 (1.3.132.0.10)",
  secp192r1: "secp192r1 [NIST P-192,X9.62 prime192v1] (1.2.840.10045.3.1.1)",
  brainpoolP256r1: "brainpoolP256r1 (1.3.36.3.3.2.8.1.1.7)",
  brainpoolP320r1: "brainpoolP320r1 (1.3.36.3.3.2.8.1.1.9)",
  brainpoolP384r1: "brainpoolP384r1 (1.3.36.3.3.2.8.1.1.11)",
  brainpoolP512r1: "brainpoolP512r1 (1.3.36.3.3.2.8.1.1.13)",
};

function curveText(curve: string): string {
  return CURVE_TEXTS[curve] ?? curve;
}
