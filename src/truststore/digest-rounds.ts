import { hash } from "node:crypto";
import type { Digest } from "./digests.ts";

/**
 * The digest of the digest of … of `block`, `rounds` times; `block` is as long as the digest. SHA-1 and SHA-256 are
 * computed here: a call of node:crypto costs several times the one compression that such a short input needs, and the
 * key derivation of PKCS#12 makes hundreds of thousands of them.
 */
export function repeatDigest(name: Digest["name"], block: Uint8Array, rounds: number): Uint8Array {
  switch (name) {
    case "sha1":
      return onWords(block, rounds, repeatSha1);
    case "sha256":
      return onWords(block, rounds, repeatSha256);
    default: {
      let digest = block;
      for (let round = 0; round < rounds; round++) digest = hash(name, digest, "buffer");
      return digest;
    }
  }
}

function onWords(
  block: Uint8Array,
  rounds: number,
  repeat: (state: Int32Array, rounds: number) => void,
): Uint8Array {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const state = new Int32Array(block.length / 4);
  for (let i = 0; i < state.length; i++) state[i] = view.getInt32(4 * i);
  repeat(state, rounds);
  const digest = new DataView(new ArrayBuffer(block.length));
  for (const [i, word] of state.entries()) digest.setInt32(4 * i, word);
  return new Uint8Array(digest.buffer);
}

/** FIPS 180-4 section 6.1.2 for one block: the digest itself, the padding bit, and its length of 160 bits. */
function repeatSha1(state: Int32Array, rounds: number): void {
  const schedule = new Int32Array(80);
  for (let round = 0; round < rounds; round++) {
    schedule.set(state);
    schedule.fill(0, 5, 15);
    schedule[5] = 0x8000_0000;
    schedule[15] = 160;
    for (let i = 16; i < 80; i++) {
      const mixed =
        (schedule[i - 3] ?? 0) ^
        (schedule[i - 8] ?? 0) ^
        (schedule[i - 14] ?? 0) ^
        (schedule[i - 16] ?? 0);
      schedule[i] = (mixed << 1) | (mixed >>> 31);
    }
    let a = 0x6745_2301;
    let b = 0xefcd_ab89 | 0;
    let c = 0x98ba_dcfe | 0;
    let d = 0x1032_5476;
    let e = 0xc3d2_e1f0 | 0;
    for (let i = 0; i < 80; i++) {
      const choice =
        i < 20
          ? (d ^ (b & (c ^ d))) + 0x5a82_7999
          : i < 40
            ? (b ^ c ^ d) + 0x6ed9_eba1
            : i < 60
              ? ((b & c) | (d & (b | c))) + 0x8f1b_bcdc
              : (b ^ c ^ d) + 0xca62_c1d6;
      const next = (((a << 5) | (a >>> 27)) + choice + e + (schedule[i] ?? 0)) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = next;
    }
    state[0] = a + 0x6745_2301;
    state[1] = b + 0xefcd_ab89;
    state[2] = c + 0x98ba_dcfe;
    state[3] = d + 0x1032_5476;
    state[4] = e + 0xc3d2_e1f0;
  }
}

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4 section 4.2.2). */
const SHA_256_CONSTANTS = rootFractions(64, Math.cbrt);
/** First 32 bits of the fractional parts of the square roots of the first 8 primes (FIPS 180-4 section 5.3.3). */
const SHA_256_START = rootFractions(8, Math.sqrt);

function rootFractions(count: number, root: (value: number) => number): Int32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++)
    if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return Int32Array.from(primes, (prime) => Math.floor((root(prime) % 1) * 2 ** 32));
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** FIPS 180-4 section 6.2.2 for one block: the digest itself, the padding bit, and its length of 256 bits. */
function repeatSha256(state: Int32Array, rounds: number): void {
  const schedule = new Int32Array(64);
  const work = new Int32Array(8);
  for (let round = 0; round < rounds; round++) {
    schedule.set(state);
    schedule.fill(0, 8, 15);
    schedule[8] = 0x8000_0000;
    schedule[15] = 256;
    for (let i = 16; i < 64; i++) {
      const w15 = schedule[i - 15] ?? 0;
      const w2 = schedule[i - 2] ?? 0;
      const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3);
      const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10);
      schedule[i] = (schedule[i - 16] ?? 0) + s0 + (schedule[i - 7] ?? 0) + s1;
    }
    work.set(SHA_256_START);
    compress(work, schedule);
    for (let i = 0; i < 8; i++) state[i] = (work[i] ?? 0) + (SHA_256_START[i] ?? 0);
  }
}

function compress(work: Int32Array, schedule: Int32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = work;
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const choice = g ^ (e & (f ^ g));
    const t1 = (h + s1 + choice + (SHA_256_CONSTANTS[i] ?? 0) + (schedule[i] ?? 0)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const majority = (a & b) | (c & (a | b));
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + s0 + majority) | 0;
  }
  work[0] = a;
  work[1] = b;
  work[2] = c;
  work[3] = d;
  work[4] = e;
  work[5] = f;
  work[6] = g;
  work[7] = h;
}
