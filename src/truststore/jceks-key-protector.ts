import { createDecipheriv, createHash } from "node:crypto";

/** Algorithm of keys in JCEKS files: PBEWithMD5AndTripleDES (com.sun.crypto.provider.PBES1Core). */
export const JCEKS_KEY_PROTECTOR = "1.3.6.1.4.1.42.2.19.1";

const SALT_BYTES = 8;

/**
 * Undoes the protection of a key in a JCEKS file: triple DES whose key and vector come from both halves of a salt,
 * each digested many times with the password.
 * @returns the PKCS#8 PrivateKeyInfo; null when the password is another one or the parameters are not usable
 */
export function openJceksKey(
  ciphertext: Uint8Array,
  password: string,
  { salt, iterations }: { readonly salt: Uint8Array; readonly iterations: number },
): Uint8Array | null {
  // Java takes passwords of printable ASCII alone
  if (salt.length !== SALT_BYTES || !/^[\x20-\x7e]*$/.test(password)) return null;
  if (ciphertext.length === 0 || ciphertext.length % 8 !== 0) return null;
  const secret = Buffer.from(password, "latin1");
  const material = Buffer.concat(halves(salt).map((half) => digested(half, secret, iterations)));
  const decipher = createDecipheriv(
    "des-ede3-cbc",
    material.subarray(0, 24),
    material.subarray(24, 32),
  );
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return null;
  }
}

/** Equal halves are told apart by reversing the first. */
function halves(salt: Uint8Array): readonly Uint8Array[] {
  const [a, b] = [salt.slice(0, 4), salt.slice(4)];
  if (a.some((octet, i) => octet !== b[i])) return [a, b];
  const [first = 0, second = 0, third = 0, fourth = 0] = a;
  return [Uint8Array.of(fourth, third, second, first), b];
}

function digested(salt: Uint8Array, secret: Uint8Array, iterations: number): Uint8Array {
  let digest = salt;
  for (let i = 0; i < iterations; i++)
    digest = createHash("md5").update(digest).update(secret).digest();
  return digest;
}
