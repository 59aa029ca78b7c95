import { Abort } from "./abort.ts";
import { LIMITS } from "./limits.ts";

/** A server's finite field, and its public value in it (RFC 5246 section 7.4.3); big-endian numbers. */
export interface DheParameters {
  readonly kind: "dhe";
  readonly prime: Uint8Array;
  readonly generator: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** Our half of an agreement. */
export interface DheAnswer {
  /** As long as the prime. */
  readonly publicKey: Uint8Array;
  /** Without leading zeros, as TLS before 1.3 uses it (RFC 5246 section 8.1.2). */
  readonly secret: Uint8Array;
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function bytesOf(number: bigint, length: number): Uint8Array {
  const digits = number.toString(16);
  return new Uint8Array(
    Buffer.from(
      digits.padStart(Math.max(2 * length, digits.length + (digits.length % 2)), "0"),
      "hex",
    ),
  );
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** Bits of a number without its leading zeros. */
export function bitLength(bytes: Uint8Array): number {
  const number = numberOf(bytes);
  return number === 0n ? 0 : number.toString(2).length;
}

/** A number without leading zeros. */
export function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? new Uint8Array() : new Uint8Array(bytes.subarray(first));
}

function refuse(message: string): Abort {
  return new Abort("parameter-unsupported", "illegal_parameter", message);
}

/**
 * Agrees on a secret in whatever field a server names. The arithmetic is done here because node:crypto refuses
 * sizes that old servers use and tests each prime for seconds; primes that are none do no harm to a client that
 * sends nothing. `exponent` is our private number.
 * @throws {Abort} when the numbers are of no use: the size, an even prime, a public value that gives the secret away
 */
export function answerDhe(parameters: DheParameters, exponent: Uint8Array): DheAnswer {
  const bits = bitLength(parameters.prime);
  const { least, most } = LIMITS.dhBits;
  if (bits < least || bits > most)
    throw refuse(
      `Server's Diffie-Hellman prime has ${bits} bits; sizes from ${least} to ${most} are used`,
    );
  const prime = numberOf(parameters.prime);
  const generator = numberOf(parameters.generator);
  const theirs = numberOf(parameters.publicKey);
  if ((prime & 1n) === 0n) throw refuse("Server's Diffie-Hellman prime is an even number");
  if (generator < 2n || generator > prime - 2n)
    throw refuse("Server's Diffie-Hellman generator is not between 1 and the prime less 1");
  if (theirs < 2n || theirs > prime - 2n)
    throw refuse("Server's Diffie-Hellman public value is not between 1 and the prime less 1");
  const own = numberOf(exponent) | 1n;
  const length = Math.ceil(bits / 8);
  return {
    publicKey: bytesOf(power(generator, own, prime), length),
    secret: withoutLeadingZeros(bytesOf(power(theirs, own, prime), length)),
  };
}
