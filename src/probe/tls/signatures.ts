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

/** A key that signs handshakes, with the facts that decide which schemes it can make. */
export interface SigningKey {
  readonly key: KeyObject;
  /** Such as `rsa`, `rsa-pss`, `ec`, `ed25519`. */
  readonly type: string;
  /** Such as `secp256r1`; null when the key has no named curve. */
  readonly curve: string | null;
}

/** The facts of a key that comes without a certificate. */
export function signingKey(key: KeyObject): SigningKey {
  const curve = key.asymmetricKeyDetails?.namedCurve ?? null;
  return {
    key,
    type: key.asymmetricKeyType ?? "unknown",
    curve: curve === "prime256v1" ? "secp256r1" : curve,
  };
}

/** Whether a key can make signatures of a scheme; TLS 1.3 ties ECDSA schemes to one curve. */
export function schemeFitsKey(
  scheme: SignatureScheme,
  { type, curve }: SigningKey,
  tls13: boolean,
): boolean {
  return type === scheme.keyType && (!tls13 || scheme.curve === null || curve === scheme.curve);
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
