import type { FieldSize } from "./groups.ts";

/** The summand that makes each number of RFC 7919 appendix A a safe prime. */
const SUMMANDS: Readonly<Record<FieldSize, bigint>> = {
  2048: 560_316n,
  3072: 2_625_351n,
  4096: 5_736_041n,
  6144: 15_705_020n,
  8192: 10_965_728n,
};

/** Digits of e beyond those that are needed, so that rounding does not reach them. */
const GUARD = 128;

const computed = new Map<FieldSize, Uint8Array>();

/**
 * A prime of RFC 7919, big-endian. Appendix A defines it as 2^b - 2^(b-64) + (floor(2^(b-130) e) + X) 2^64 - 1;
 * computing that once takes a millisecond and cannot hide a wrong digit.
 */
export function finiteFieldPrime(bits: FieldSize): Uint8Array {
  const known = computed.get(bits);
  if (known !== undefined) return known;
  const size = BigInt(bits);
  const number =
    (1n << size) - (1n << (size - 64n)) + ((digitsOfE(bits - 130) + SUMMANDS[bits]) << 64n) - 1n;
  const prime = new Uint8Array(Buffer.from(number.toString(16), "hex"));
  computed.set(bits, prime);
  return prime;
}

/** floor(2^bits e), from the sum of the reciprocals of the factorials. */
function digitsOfE(bits: number): bigint {
  let sum = 0n;
  let term = 1n << BigInt(bits + GUARD);
  for (let divisor = 1n; term > 0n; divisor++) {
    sum += term;
    term /= divisor;
  }
  return sum >> BigInt(GUARD);
}
