import { createDecipheriv, hash } from "node:crypto";

/** Schemes of PBES1 with DES (RFC 8018 appendix A.3) that older tools protect keys with, and their digests. */
export const PBES1_SCHEMES: ReadonlyMap<string, "md5" | "sha1"> = new Map([
  ["1.2.840.113549.1.5.3", "md5"],
  ["1.2.840.113549.1.5.10", "sha1"],
]);

/**
 * Undoes PBES1 (RFC 8018 section 6.1.2). The runtime has no single DES; triple DES with three equal keys is the
 * same.
 * @returns null when the padding shows that the password is another one
 */
export function decryptPbes1(
  ciphertext: Uint8Array,
  password: Uint8Array,
  {
    digest,
    salt,
    iterations,
  }: {
    readonly digest: "md5" | "sha1";
    readonly salt: Uint8Array;
    readonly iterations: number;
  },
): Uint8Array | null {
  if (ciphertext.length === 0 || ciphertext.length % 8 !== 0) return null;
  let derived: Uint8Array = Buffer.concat([password, salt]);
  for (let i = 0; i < iterations; i++) derived = hash(digest, derived, "buffer");
  const key = derived.subarray(0, 8);
  const decipher = createDecipheriv(
    "des-ede3-cbc",
    Buffer.concat([key, key, key]),
    derived.subarray(8, 16),
  );
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return null;
  }
}
