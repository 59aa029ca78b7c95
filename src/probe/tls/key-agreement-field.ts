import { createPublicKey, diffieHellman, generateKeyPairSync } from "node:crypto";
import { finiteFieldPrime } from "./finite-field-primes.ts";
import type { FieldSize } from "./groups.ts";
import type { Agreement, KeyPair } from "./key-agreement.ts";

/** What a Diffie-Hellman agreement over a finite field is made with. */
export interface FieldParameters {
  /** Big-endian, without leading zeros. */
  readonly prime: Uint8Array;
  readonly generator: Uint8Array;
}

const TWO = Uint8Array.of(2);

/** The parameters of a group of RFC 7919. */
export function groupParameters(bits: FieldSize): FieldParameters {
  return { prime: finiteFieldPrime(bits), generator: TWO };
}

/** PKCS #3 dhKeyAgreement, 1.2.840.113549.1.3.1. */
const DH_KEY_AGREEMENT = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 3, 1);

const Tag = { integer: 0x02, bitString: 0x03, oid: 0x06, sequence: 0x30 } as const;

function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  const header =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >>> 8, length & 0xff];
  return Buffer.concat([Uint8Array.from(header), ...content]);
}

function integer(number: Uint8Array): Uint8Array {
  const digits = withoutZeros(number);
  return ((digits[0] ?? 0x80) & 0x80) === 0
    ? der(Tag.integer, digits)
    : der(Tag.integer, Uint8Array.of(0), digits);
}

/** A public value as SubjectPublicKeyInfo (PKCS #3, RFC 3279 section 2.3.3 without the subgroup's order). */
function publicKeyInfo({ prime, generator }: FieldParameters, value: Uint8Array): Uint8Array {
  const parameters = der(Tag.sequence, integer(prime), integer(generator));
  const algorithm = der(Tag.sequence, der(Tag.oid, DH_KEY_AGREEMENT), parameters);
  return der(Tag.sequence, algorithm, der(Tag.bitString, Uint8Array.of(0), integer(value)));
}

function withoutZeros(number: Uint8Array): Uint8Array {
  let start = 0;
  while (start < number.length && number[start] === 0) start++;
  return number.subarray(start);
}

/** A number in as many bytes as the prime has, as TLS writes public values and secrets (RFC 8446 section 4.2.8.1). */
function padded(number: Uint8Array, length: number): Uint8Array {
  if (number.length === length) return number;
  const result = new Uint8Array(length);
  result.set(number, length - number.length);
  return result;
}

/**
 * Makes a key for the parameters. Key objects are used because the DiffieHellman class tests its prime for
 * primality, which takes seconds with a prime of 4096 bits and more than a minute with one of 8192.
 * @throws {Error} from node:crypto when the parameters are no use at all
 */
export function generateFieldPair({ prime, generator }: FieldParameters): KeyPair {
  return generateKeyPairSync("dh", {
    prime: Buffer.from(prime),
    generator: generator.reduce((sum, octet) => sum * 256 + octet, 0),
  });
}

/** Agreement over a finite field: public values and the secret are as long as the prime. */
export function fieldShare(
  parameters: FieldParameters,
  { privateKey, publicKey }: KeyPair,
): Agreement {
  const { length } = parameters.prime;
  const own = publicKey.export({ format: "der", type: "spki" });
  return {
    publicKey: padded(lastInteger(own, length), length),
    agree: (peer) => {
      if (peer.length !== length || !inRange(peer, parameters.prime)) return null;
      try {
        const key = createPublicKey({
          key: Buffer.from(publicKeyInfo(parameters, peer)),
          format: "der",
          type: "spki",
        });
        return padded(diffieHellman({ privateKey, publicKey: key }), length);
      } catch {
        return null;
      }
    },
  };
}

/** Whether 1 < value < prime - 1 (RFC 7919 section 5.1). */
function inRange(value: Uint8Array, prime: Uint8Array): boolean {
  const digits = withoutZeros(value);
  if (digits.length === 0 || (digits.length === 1 && (digits[0] ?? 0) <= 1)) return false;
  const last = prime.length - 1;
  const below = new Uint8Array(prime);
  below[last] = (below[last] ?? 0) - 1;
  return Buffer.compare(value, below) < 0;
}

/** The number with which a SubjectPublicKeyInfo of our own making ends; it has at most `length` digits. */
function lastInteger(info: Uint8Array, length: number): Uint8Array {
  for (let digits = length; digits > 0; digits--) {
    const value = info.subarray(info.length - digits);
    const whole = integer(value);
    if (Buffer.from(info.subarray(info.length - whole.length)).equals(whole)) return value;
  }
  return new Uint8Array();
}
