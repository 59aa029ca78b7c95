import { checkPrimeSync } from "node:crypto";
import type { KeyExchangeRecord } from "../../probe/handshake.ts";
import { knownField } from "./known-fields.ts";

/** Up to here a state, and below it anybody determined, computes discrete logarithms (Logjam, 2015). */
const BROKEN_BITS = 1024;
/** What RFC 9325 section 4.1 asks for at least. */
const WANTED_BITS = 2048;
/** Primality of longer numbers takes too long to be worth it. */
const CHECKED_BITS = 4096;
/** Rounds of Miller and Rabin: a composite number passes with a chance of less than one in a million. */
const ROUNDS = 10;

/**
 * What is wrong with the finite field of a key exchange, completing the sentence 'a field that ...'; null when
 * nothing is. Checking an unknown prime takes up to a second: ask once for each field.
 */
export function fieldWeakness({ bits, group, field }: KeyExchangeRecord): string | null {
  if (bits === null) return null;
  const name = field === null ? null : knownField(field.prime);
  const shared = name === null ? "" : `, and is ${name}, which many servers share`;
  if (bits < BROKEN_BITS) return `has ${bits} bits: it can be broken (Logjam)${shared}`;
  if (bits < WANTED_BITS)
    return `has ${bits} bits: fewer than ${WANTED_BITS} are within reach of states${shared}`;
  if (field === null || group !== null || name !== null || bits > CHECKED_BITS) return null;
  const prime = BigInt(`0x${field.prime}`);
  if (!checkPrimeSync(prime, { checks: ROUNDS })) return "is none: its modulus is not a prime";
  return checkPrimeSync((prime - 1n) / 2n, { checks: ROUNDS })
    ? null
    : "has a prime that is not safe: small subgroups may give keys away";
}
