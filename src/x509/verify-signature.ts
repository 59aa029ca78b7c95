import { constants, createPublicKey, type KeyObject, verify } from "node:crypto";
import type { Certificate } from "./certificate.ts";
import { latin1 } from "./der-values.ts";
import type { SignatureAlgorithm } from "./signature-algorithm.ts";

const keys = new WeakMap<Certificate, KeyObject | null>();
const results = new WeakMap<Certificate, Map<string, boolean>>();

/** The public key of a certificate, created once; null when the runtime cannot use it. */
export function publicKeyOf(certificate: Certificate): KeyObject | null {
  const known = keys.get(certificate);
  if (known !== undefined) return known;
  const key = importKey(certificate.spki);
  keys.set(certificate, key);
  return key;
}

function importKey(spki: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  } catch {
    return null;
  }
}

const FITTING_KEYS: Record<SignatureAlgorithm["scheme"], RegExp> = {
  "rsa-pkcs1": /^rsa$/,
  "rsa-pss": /^rsa(-pss)?$/,
  ecdsa: /^ec$/,
  dsa: /^dsa$/,
  eddsa: /^ed(25519|448)$/,
  "ml-dsa": /^ml-dsa-\d+$/,
};

/**
 * Whether the signature on `certificate` verifies with the key of `issuer` (RFC 5280 section 6.1.3 (a)(1)).
 *
 * Unknown algorithms, unusable keys and keys of another type do not verify. Each pair is computed once.
 */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const spki = latin1(issuer.spki);
  let known = results.get(certificate);
  if (known === undefined) {
    known = new Map();
    results.set(certificate, known);
  }
  const before = known.get(spki);
  if (before !== undefined) return before;
  const verified = verifyOnce(certificate, issuer);
  known.set(spki, verified);
  return verified;
}

/** Whether a certificate is signed with its own key. */
export function isSelfSigned(certificate: Certificate): boolean {
  return isSignedBy(certificate, certificate);
}

function verifyOnce(certificate: Certificate, issuer: Certificate): boolean {
  const algorithm = certificate.signatureAlgorithm;
  if (algorithm === null || !FITTING_KEYS[algorithm.scheme].test(issuer.publicKey.type))
    return false;
  const key = publicKeyOf(issuer);
  if (key === null) return false;
  try {
    return verify(
      algorithm.hash,
      certificate.tbs,
      algorithm.scheme === "rsa-pss"
        ? {
            key,
            padding: constants.RSA_PKCS1_PSS_PADDING,
            saltLength: algorithm.saltLength ?? 20,
          }
        : { key },
      certificate.signature,
    );
  } catch {
    return false;
  }
}
