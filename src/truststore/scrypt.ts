import { scrypt } from "node:crypto";
import { readSmallInteger } from "../x509/der-values.ts";
import { contentOf, DerReader, Tag } from "../x509/der.ts";
import { StoreFault } from "./store-error.ts";

/** Object identifier of scrypt (RFC 7914 section 7). */
export const SCRYPT = "1.3.6.1.4.1.11591.4.11";

/** Parameters of scrypt (RFC 7914 section 7.1). */
export interface Scrypt {
  readonly salt: Uint8Array;
  /** N. */
  readonly cost: number;
  /** r. */
  readonly blockSize: number;
  /** p. */
  readonly parallelisation: number;
  /** Octets; null when the cipher decides. */
  readonly keyLength: number | null;
}

/** Most memory for one derivation, in bytes: N = 2^18 with r = 8; BouncyCastle and OpenSSL write 2^14. */
const MAX_MEMORY = 2 ** 28;

/** Most blocks that are mixed for one derivation, N · r · p; ten seconds of work. */
const MAX_WORK = 2 ** 24;

/** Reads scrypt-params and refuses costs that only exhaust the reader. @throws {DerError} @throws {StoreFault} */
export function readScrypt(parameters: Uint8Array): Scrypt {
  const reader = new DerReader(parameters).enter(Tag.sequence, "scrypt parameters");
  const salt = contentOf(reader.expect(Tag.octetString, "a scrypt salt"));
  const cost = readSmallInteger(reader.expect(Tag.integer, "a scrypt cost"));
  const blockSize = readSmallInteger(reader.expect(Tag.integer, "a scrypt block size"));
  const parallelisation = readSmallInteger(reader.expect(Tag.integer, "a scrypt parallelisation"));
  const length = reader.optional(Tag.integer);
  reader.finish("scrypt parameters");
  const scrypt: Scrypt = {
    salt,
    cost,
    blockSize,
    parallelisation,
    keyLength: length === undefined ? null : readSmallInteger(length),
  };
  checkScrypt(scrypt);
  return scrypt;
}

/** Refuses parameters that are impossible, or that only exhaust the reader. @throws {StoreFault} */
export function checkScrypt({ cost, blockSize, parallelisation }: Scrypt): void {
  const shown = `N = ${cost}, r = ${blockSize}, p = ${parallelisation}`;
  if (cost < 2 || (cost & (cost - 1)) !== 0 || blockSize < 1 || parallelisation < 1)
    throw new StoreFault(
      "malformed",
      `scrypt with ${shown} is impossible: N must be a power of two above 1, r and p at least 1`,
    );
  if (memoryOf(cost, blockSize) > MAX_MEMORY || cost * blockSize * parallelisation > MAX_WORK)
    throw new StoreFault(
      "iterations-too-many",
      `scrypt with ${shown} takes more than ${MAX_MEMORY / 2 ** 20} MiB or ${MAX_WORK} blocks, which is refused`,
    );
}

const memoryOf = (cost: number, blockSize: number): number => 128 * cost * blockSize;

/** Derives octets in the thread pool. */
export function deriveScrypt(
  { salt, cost, blockSize, parallelisation }: Scrypt,
  password: Uint8Array,
  length: number,
): Promise<Uint8Array> {
  const options = {
    N: cost,
    r: blockSize,
    p: parallelisation,
    // What OpenSSL counts beside the table: one block for each of p, and some.
    maxmem: memoryOf(cost, blockSize) + 128 * blockSize * (parallelisation + 4) + 2 ** 20,
  };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
