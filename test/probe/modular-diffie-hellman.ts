import { createDiffieHellman, getDiffieHellman } from "node:crypto";
import t from "tap";
import { Abort } from "../../src/probe/tls/abort.ts";
import { LIMITS } from "../../src/probe/tls/limits.ts";
import {
  answerDhe,
  bitLength,
  type DheParameters,
  withoutLeadingZeros,
} from "../../src/probe/tls/modular-diffie-hellman.ts";
import { parametersRecord } from "../../src/probe/tls/key-exchange-record.ts";
import { finiteFieldPrime } from "../../src/probe/tls/finite-field-primes.ts";

const small = createDiffieHellman(getDiffieHellman("modp1").getPrime());
const prime = small.getPrime();
const exponent = Buffer.alloc(32, 0x5a);

function parameters(change: Partial<DheParameters> = {}): DheParameters {
  return {
    kind: "dhe",
    prime,
    generator: Uint8Array.of(2),
    publicKey: small.generateKeys(),
    ...change,
  };
}

/** The number that a big-endian one becomes when one is taken from it. */
function less(bytes: Uint8Array, by: bigint): Uint8Array {
  const number = BigInt(`0x${Buffer.from(bytes).toString("hex")}`) - by;
  return Buffer.from(number.toString(16).padStart(2 * bytes.length, "0"), "hex");
}

t.test("answerDhe() agrees with node:crypto on the secret", async (t) => {
  for (let turn = 0; turn < 20; turn++) {
    const { publicKey, secret } = answerDhe(parameters(), Buffer.alloc(32, turn + 1));
    t.equal(publicKey.length, prime.length);
    const theirs = small.computeSecret(publicKey);
    t.same(Buffer.from(secret), Buffer.from(withoutLeadingZeros(theirs)));
  }
});

t.test("answerDhe() strips leading zeros of the secret, as TLS before 1.3 does", async (t) => {
  // 2 to the power of this exponent, times anything, is searched until the secret is short.
  let found = false;
  for (let turn = 0; turn < 4000 && !found; turn++) {
    const own = Buffer.alloc(32);
    own.writeUInt32BE(turn + 1, 28);
    const { secret } = answerDhe(parameters({ publicKey: Uint8Array.of(3) }), own);
    found = secret.length < prime.length;
    t.not(secret[0], 0);
    if (secret.length === 0) break;
  }
  t.ok(found, "a short secret occurs");
});

t.test("answerDhe() takes numbers with leading zeros", async (t) => {
  const padded = Buffer.concat([Buffer.alloc(7), prime]);
  const publicKey = small.generateKeys();
  t.same(
    answerDhe(parameters({ prime: padded, publicKey }), exponent),
    answerDhe(parameters({ publicKey }), exponent),
  );
});

const refusals: Readonly<Record<string, readonly [Partial<DheParameters>, RegExp]>> = {
  "a prime of zero": [{ prime: new Uint8Array(8) }, /prime has 0 bits/],
  "a prime of 255 bits": [{ prime: Buffer.alloc(32, 0x7f) }, /prime has 255 bits/],
  "a prime of 8193 bits": [
    { prime: Buffer.concat([Uint8Array.of(1), Buffer.alloc(1024, 0xff)]) },
    /prime has 8193 bits; sizes from 256 to 8192 are used/,
  ],
  "a prime of half a million bits": [
    { prime: Buffer.alloc(65_535, 0xff) },
    /prime has 524280 bits/,
  ],
  "an even prime": [{ prime: less(prime, 1n) }, /is an even number/],
  "a generator of zero": [{ generator: Uint8Array.of(0) }, /generator is not between/],
  "a generator of one": [{ generator: Uint8Array.of(1) }, /generator is not between/],
  "a generator of the prime less one": [{ generator: less(prime, 1n) }, /generator is not/],
  "a public value of zero": [{ publicKey: Uint8Array.of(0) }, /public value is not between/],
  "a public value of one": [{ publicKey: Uint8Array.of(1) }, /public value is not between/],
  "a public value of the prime less one": [{ publicKey: less(prime, 1n) }, /public value is not/],
  "a public value of the prime": [{ publicKey: prime }, /public value is not/],
};

for (const [what, [change, says]] of Object.entries(refusals))
  t.test(`answerDhe() refuses ${what}`, async (t) => {
    let caught: unknown = null;
    try {
      answerDhe(parameters(change), exponent);
    } catch (error) {
      caught = error;
    }
    t.ok(caught instanceof Abort && caught.code === "parameter-unsupported");
    t.match(caught, { message: says });
  });

t.test("answerDhe() is quick enough for the largest prime", async (t) => {
  const largest = finiteFieldPrime(8192);
  t.equal(bitLength(largest), LIMITS.dhBits.most);
  const { secret } = answerDhe(
    parameters({ prime: largest, publicKey: Uint8Array.of(5) }),
    exponent,
  );
  t.ok(secret.length > 1000);
});

t.test("parametersRecord() names the primes of RFC 7919 and no others", async (t) => {
  const named = parametersRecord(parameters({ prime: finiteFieldPrime(3072) }));
  t.match(named, { kind: "dhe", group: "ffdhe3072", bits: 3072 });
  const other = finiteFieldPrime(3072).slice();
  other[100] = (other[100] ?? 0) ^ 1;
  t.match(parametersRecord(parameters({ prime: other })), { group: null, bits: 3072 });
  t.same(parametersRecord(parameters({ prime: Buffer.concat([Buffer.alloc(3), prime]) })).field, {
    prime: prime.toString("hex"),
    generator: "02",
  });
  t.match(parametersRecord({ kind: "ecdhe", group: 0x16, publicKey: prime }), {
    kind: "ecdhe",
    group: "secp256k1",
    bits: 256,
    field: null,
  });
  t.match(parametersRecord({ kind: "ecdhe", group: 9, publicKey: prime }), {
    group: "sect283k1",
    bits: null,
  });
});
