import { pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import { readSmallInteger } from "../x509/der-values.ts";
import { contentOf, DerReader, Tag } from "../x509/der.ts";
import { readAlgorithmIdentifier } from "../x509/signature-algorithm.ts";
import { type Digest, HMACS, SHA_1 } from "./digests.ts";
import { StoreFault } from "./store-error.ts";

const deriveAsync = promisify(pbkdf2);

/** Object identifier of PBKDF2. */
export const PBKDF2 = "1.2.840.113549.1.5.12";

/** Parameters of PBKDF2 (RFC 8018 appendix A.2). */
export interface Pbkdf2 {
  readonly digest: Digest;
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** Octets; null when the cipher decides. */
  readonly keyLength: number | null;
}

/** Reads PBKDF2-params. @throws {DerError} @throws {StoreFault} */
export function readPbkdf2(parameters: Uint8Array): Pbkdf2 {
  const reader = new DerReader(parameters).enter(Tag.sequence, "PBKDF2 parameters");
  const salt = contentOf(reader.expect(Tag.octetString, "a PBKDF2 salt"));
  const iterations = readSmallInteger(reader.expect(Tag.integer, "a PBKDF2 iteration count"));
  const length = reader.optional(Tag.integer);
  const prf = reader.optional(Tag.sequence);
  reader.finish("PBKDF2 parameters");
  const prfOid = prf === undefined ? null : readAlgorithmIdentifier(prf).oid;
  const digest = prfOid === null ? SHA_1 : HMACS.get(prfOid);
  if (digest === undefined)
    throw new StoreFault(
      "unsupported-algorithm",
      `PBKDF2 uses the pseudo-random function ${prfOid}, which is not an HMAC with SHA-1, SHA-2 or SHA-3`,
    );
  return {
    digest,
    salt,
    iterations,
    keyLength: length === undefined ? null : readSmallInteger(length),
  };
}

/** Derives octets in the thread pool. */
export function derivePbkdf2(
  { digest, salt, iterations }: Pbkdf2,
  password: Uint8Array,
  length: number,
): Promise<Uint8Array> {
  return deriveAsync(password, salt, iterations, length, digest.name);
}

/** `PBKDF2-HMAC-SHA-256`. */
export function pbkdf2Label({ digest }: Pbkdf2): string {
  return `PBKDF2-HMAC-${digest.label}`;
}
