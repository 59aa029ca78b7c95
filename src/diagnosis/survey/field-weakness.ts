import { checkPrimeSync } from "node:crypto";
import type { KeyExchangeRecord } from "../../probe/handshake.ts";

/** Below this a determined attacker, not only a state, computes discrete logarithms (Logjam, 2015). */
const BROKEN_BITS = 1024;
/** What RFC 9325 section 4.1 asks for at least. */
const WANTED_BITS = 2048;
/** Primality of longer numbers takes too long to be worth it. */
const CHECKED_BITS = 4096;

/**
 * What is wrong with the finite field of a key exchange, completing the sentence 'a field that ...'; null when
 * nothing is.
 */
export function fieldWeakness({ bits, group, field }: KeyExchangeRecord): string | null {
  if (bits === null) return null;
  if (bits < BROKEN_BITS) return `has ${bits} bits: it can be broken (Logjam)`;
  if (bits < WANTED_BITS)
    return `has ${bits} bits: fewer than ${WANTED_BITS} are within reach of states`;
  if (field === null || group !== null || bits > CHECKED_BITS) return null;
  const prime = BigInt(`0x${field.prime}`);
  if (!checkPrimeSync(prime)) return "is none: its modulus is not a prime";
  return checkPrimeSync((prime - 1n) / 2n)
    ? null
    : "has a prime that is not safe: small subgroups may give keys away";
}
