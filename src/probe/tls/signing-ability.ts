import type { SignatureScheme } from "./signature-schemes.ts";
import { schemeFitsKey, type SigningKey } from "./signatures.ts";

const HASH_BYTES: Readonly<Record<NonNullable<SignatureScheme["hash"]>, number>> = {
  sha1: 20,
  "md5-sha1": 36,
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

/**
 * Whether a private key can make signatures of a scheme: of its type and, where asked for, its curve; long
 * enough for the padding (RFC 8017 section 9.1.1); and with the hash to which a PSS key is tied
 * (RFC 4055 section 3.1).
 */
export function canMake(scheme: SignatureScheme, own: SigningKey, curveBound: boolean): boolean {
  if (!schemeFitsKey(scheme, own, curveBound)) return false;
  if (scheme.padding !== "pss" || scheme.hash === null) return true;
  const { modulusLength = 0, hashAlgorithm } = own.key.asymmetricKeyDetails ?? {};
  if (hashAlgorithm !== undefined && hashAlgorithm !== scheme.hash) return false;
  return Math.ceil((modulusLength - 1) / 8) >= 2 * HASH_BYTES[scheme.hash] + 2;
}
