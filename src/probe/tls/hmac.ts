import { hash as digest } from "node:crypto";
import type { SuiteHash } from "./hashes.ts";

/** Bytes of the blocks in which a hash works; they pad the key of an HMAC. */
const BLOCK: Readonly<Record<SuiteHash, number>> = { sha256: 64, sha384: 128 };

/** Bytes of a result. */
const DIGEST: Readonly<Record<SuiteHash, number>> = { sha256: 32, sha384: 48 };

const INNER = 0x36;
const OUTER = 0x5c;

/** Longest text: the secret of the largest finite field. */
const LONGEST = 1024;

const scratch = { inner: Buffer.alloc(128 + LONGEST), outer: Buffer.alloc(128 + 48) };

/**
 * HMAC (RFC 2104) of a short text. A handshake needs seventeen, and two hashes at one stroke with Latin-1 strings for
 * their results cost half as much as an object of node:crypto's class.
 * @throws {RangeError} when the text is longer than 1024 bytes
 */
export function hmac(hash: SuiteHash, key: Uint8Array, text: Uint8Array): Uint8Array {
  const block = BLOCK[hash];
  if (key.length > block) return hmac(hash, digest(hash, key, "buffer"), text);
  if (text.length > LONGEST)
    throw new RangeError(`HMAC takes at most ${LONGEST} bytes of text, not ${text.length}`);
  const { inner, outer } = scratch;
  const [innerEnd, outerEnd] = [block + text.length, block + DIGEST[hash]];
  inner.fill(INNER, 0, block);
  outer.fill(OUTER, 0, block);
  for (let i = 0; i < key.length; i++) {
    inner[i] = (key[i] ?? 0) ^ INNER;
    outer[i] = (key[i] ?? 0) ^ OUTER;
  }
  inner.set(text, block);
  outer.write(digest(hash, inner.subarray(0, innerEnd), "latin1"), block, "latin1");
  const result = Buffer.from(digest(hash, outer.subarray(0, outerEnd), "latin1"), "latin1");
  inner.fill(0, 0, innerEnd);
  outer.fill(0, 0, outerEnd);
  return result;
}
