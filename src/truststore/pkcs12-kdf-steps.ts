import { hash } from "node:crypto";
import { repeatDigest } from "./digest-rounds.ts";
import type { Digest } from "./digests.ts";

/** What derived octets are used for (RFC 7292 appendix B.3). */
export const KeyPurpose = { key: 1, iv: 2, mac: 3 } as const;

/** Inputs of the derivation. */
export interface Pkcs12KdfInput {
  readonly digest: Digest;
  readonly purpose: (typeof KeyPurpose)[keyof typeof KeyPurpose];
  /** BMPString with terminator; see `passwordForms`. */
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** Octets to derive. */
  readonly length: number;
}

/** Rounds of a digest, a third of a microsecond each, between two chances for other work. */
const ROUNDS_PER_STEP = 10_000;

/**
 * Derives octets as RFC 7292 appendix B.2 describes. Yields every few milliseconds, so that the caller can let other
 * work run; the octets are what it returns in the end.
 */
export function* derivationSteps(input: Pkcs12KdfInput): Generator<void, Uint8Array, void> {
  const { digest, purpose, password, salt, iterations, length } = input;
  const diversifier = new Uint8Array(digest.block).fill(purpose);
  const material = concat(stretch(salt, digest.block), stretch(password, digest.block));
  const derived = new Uint8Array(length);
  for (let at = 0; at < length; at += digest.size) {
    let block: Uint8Array = hash(digest.name, concat(diversifier, material), "buffer");
    for (let left = iterations - 1; left > 0; left -= ROUNDS_PER_STEP) {
      block = repeatDigest(digest.name, block, Math.min(left, ROUNDS_PER_STEP));
      yield;
    }
    derived.set(block.subarray(0, length - at), at);
    addToEachBlock(material, stretch(block, digest.block).subarray(0, digest.block), digest.block);
  }
  return derived;
}

/** Derives octets at once, for a thread that has nothing else to do. */
export function derivePkcs12Now(input: Pkcs12KdfInput): Uint8Array {
  const steps = derivationSteps(input);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Repeats `bytes` to the next multiple of the block size; nothing stays nothing. */
function stretch(bytes: Uint8Array, block: number): Uint8Array {
  const stretched = new Uint8Array(Math.ceil(bytes.length / block) * block);
  for (let i = 0; i < stretched.length; i++) stretched[i] = bytes[i % bytes.length] ?? 0;
  return stretched;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** I_j := I_j + B + 1 modulo 2^(8·block), for every block I_j of the material. */
function addToEachBlock(material: Uint8Array, addend: Uint8Array, block: number): void {
  for (let start = 0; start < material.length; start += block) {
    let carry = 1;
    for (let i = block - 1; i >= 0; i--) {
      carry += (material[start + i] ?? 0) + (addend[i] ?? 0);
      material[start + i] = carry & 0xff;
      carry >>= 8;
    }
  }
}
