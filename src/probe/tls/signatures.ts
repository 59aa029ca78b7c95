import { constants, type KeyObject, sign, verify } from "node:crypto";
import type { SignatureScheme } from "./signature-schemes.ts";

function parameters({ padding }: SignatureScheme, key: KeyObject) {
  switch (padding) {
    case "pss":
      return {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      };
    case "pkcs1":
      return { key, padding: constants.RSA_PKCS1_PADDING };
    case null:
      return { key };
  }
}

/** Whether a key can make signatures of a scheme; TLS 1.3 ties ECDSA schemes to one curve. */
export function schemeFitsKey(scheme: SignatureScheme, key: KeyObject, tls13: boolean): boolean {
  return (
    key.asymmetricKeyType === scheme.keyType &&
    (!tls13 || scheme.curve === null || key.asymmetricKeyDetails?.namedCurve === scheme.curve)
  );
}

/** Verifies a handshake signature; keys and signatures that cannot be used do not verify. */
export function verifySignature(
  scheme: SignatureScheme,
  key: KeyObject,
  content: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    return verify(scheme.hash, content, parameters(scheme, key), signature);
  } catch {
    return false;
  }
}

/** Makes a handshake signature; null when the key is too small or unusable for the scheme. */
export function makeSignature(
  scheme: SignatureScheme,
  key: KeyObject,
  content: Uint8Array,
): Uint8Array | null {
  try {
    return sign(scheme.hash, content, parameters(scheme, key));
  } catch {
    return null;
  }
}

const PADDING = new Uint8Array(64).fill(0x20);

/** What a TLS 1.3 CertificateVerify signs (RFC 8446 section 4.4.3). */
export function signedContent13(signer: "server" | "client", transcript: Uint8Array): Uint8Array {
  return Buffer.concat([
    PADDING,
    Buffer.from(`TLS 1.3, ${signer} CertificateVerify\0`, "latin1"),
    transcript,
  ]);
}
