import { constants, createPublicKey, type KeyObject, verify } from "node:crypto";
import type { Certificate } from "./certificate.ts";
import { latin1 } from "./der-values.ts";
import type { SignatureAlgorithm } from "./signature-algorithm.ts";

/** A public key that certificates share: imported once, with the signatures that it was asked about. */
interface SharedKey {
  /** Undefined until it is needed; null when the runtime cannot use it. */
  key: KeyObject | null | undefined;
  readonly spki: Uint8Array;
}

const CAPACITY = 8192;
const shared = new Map<string, SharedKey>();
const keysOf = new WeakMap<Certificate, SharedKey>();
const results = new WeakMap<Certificate, Map<SharedKey, boolean>>();

function sharedKey(certificate: Certificate): SharedKey {
  const known = keysOf.get(certificate);
  if (known !== undefined) return known;
  const { spki } = certificate;
  const text = latin1(spki);
  let key = shared.get(text);
  if (key === undefined) {
    key = { key: undefined, spki };
    if (shared.size >= CAPACITY) {
      const oldest = shared.keys().next();
      if (!oldest.done) shared.delete(oldest.value);
    }
    shared.set(text, key);
  }
  keysOf.set(certificate, key);
  return key;
}

/** The public key of a certificate, created once per key; null when the runtime cannot use it. */
export function publicKeyOf(certificate: Certificate): KeyObject | null {
  const entry = sharedKey(certificate);
  if (entry.key === undefined) entry.key = importKey(entry.spki);
  return entry.key;
}

/** The public key of a SubjectPublicKeyInfo; null when the runtime cannot use it, e.g. a point beside its curve. */
export function importKey(spki: Uint8Array): KeyObject | null {
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
  const key = sharedKey(issuer);
  let known = results.get(certificate);
  if (known === undefined) {
    known = new Map();
    results.set(certificate, known);
  }
  const before = known.get(key);
  if (before !== undefined) return before;
  const verified = verifySignature(certificate, issuer);
  known.set(key, verified);
  return verified;
}

/** Whether a certificate is signed with its own key. */
export function isSelfSigned(certificate: Certificate): boolean {
  return isSignedBy(certificate, certificate);
}

/** Something that is signed: a certificate, a revocation list, a response. */
export interface Signed {
  /** DER of the part that is signed. */
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithm | null;
  readonly signature: Uint8Array;
}

/** Whether a signature verifies with the key of `signer`; nothing is remembered but the key. */
export function verifySignature(signed: Signed, signer: Certificate): boolean {
  const { signatureAlgorithm: algorithm, tbs, signature } = signed;
  if (algorithm === null || !FITTING_KEYS[algorithm.scheme].test(signer.publicKey.type))
    return false;
  const key = publicKeyOf(signer);
  if (key === null) return false;
  try {
    return verify(
      algorithm.hash,
      tbs,
      algorithm.scheme === "rsa-pss"
        ? {
            key,
            padding: constants.RSA_PKCS1_PSS_PADDING,
            saltLength: algorithm.saltLength ?? 20,
          }
        : { key },
      signature,
    );
  } catch {
    return false;
  }
}
