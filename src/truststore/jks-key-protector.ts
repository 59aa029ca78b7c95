import { createHash, timingSafeEqual } from "node:crypto";

/** Algorithm of keys in JKS files (sun.security.provider.KeyProtector). */
export const JKS_KEY_PROTECTOR = "1.3.6.1.4.1.42.2.17.1.1";

const DIGEST_BYTES = 20;

/**
 * Undoes the protection of a key in a JKS file: a stream of SHA-1 digests, chained from a salt and keyed by the
 * password, over the key, and a keyed digest behind it.
 * @param data salt, protected key, digest
 * @returns the PKCS#8 PrivateKeyInfo; null when the password is another one or the data is too short
 */
export function openJksKey(data: Uint8Array, password: string): Uint8Array | null {
  if (data.length <= 2 * DIGEST_BYTES) return null;
  const secret = Buffer.from(password, "utf16le").swap16();
  const end = data.length - DIGEST_BYTES;
  const plain = new Uint8Array(end - DIGEST_BYTES);
  let digest: Uint8Array = data.subarray(0, DIGEST_BYTES);
  for (let at = 0; at < plain.length; at += DIGEST_BYTES) {
    digest = createHash("sha1").update(secret).update(digest).digest();
    for (let i = 0; i < DIGEST_BYTES && at + i < plain.length; i++)
      plain[at + i] = (data[DIGEST_BYTES + at + i] ?? 0) ^ (digest[i] ?? 0);
  }
  const check = createHash("sha1").update(secret).update(plain).digest();
  return timingSafeEqual(check, data.subarray(end)) ? plain : null;
}
