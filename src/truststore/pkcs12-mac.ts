import { createHmac, timingSafeEqual } from "node:crypto";
import { readSmallInteger } from "../x509/der-values.ts";
import { contentOf, DerReader, type Element, inside, Tag } from "../x509/der.ts";
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from "../x509/signature-algorithm.ts";
import { type Digest, DIGESTS, HMACS } from "./digests.ts";
import { macUnavailable } from "./java-words.ts";
import type { PasswordForm } from "./password-forms.ts";
import { derivePbkdf2, PBKDF2, type Pbkdf2, pbkdf2Label, readPbkdf2 } from "./pbkdf2.ts";
import { derivePkcs12, KeyPurpose } from "./pkcs12-kdf.ts";
import { StoreFault } from "./store-error.ts";
import type { StoreMac } from "./truststore.ts";

/** The integrity protection of a PKCS#12 file. */
export interface Pkcs12Mac {
  readonly facts: StoreMac;
  readonly iterations: number;
  /** What Java says because it does not know this kind of MAC; null when it does. */
  readonly javaRefusal: string | null;
  /** Whether the MAC over `authSafe` fits the password. */
  readonly verify: (authSafe: Uint8Array, password: PasswordForm) => Promise<boolean>;
}

const PBMAC1 = "1.2.840.113549.1.5.14";

/** Reads MacData (RFC 7292 section 4; PBMAC1 by RFC 9579 and 9879). @throws {DerError} @throws {StoreFault} */
export function readMac(element: Element): Pkcs12Mac {
  const reader = inside(element);
  const digestInfo = reader.enter(Tag.sequence, "a DigestInfo");
  const algorithm = readAlgorithmIdentifier(digestInfo.expect(Tag.sequence, "a MAC algorithm"));
  const expected = contentOf(digestInfo.expect(Tag.octetString, "a MAC value"));
  digestInfo.finish("a DigestInfo");
  const salt = contentOf(reader.expect(Tag.octetString, "a MAC salt"));
  const count = reader.optional(Tag.integer);
  const iterations = count === undefined ? 1 : readSmallInteger(count);
  reader.finish("MacData");
  if (algorithm.oid === PBMAC1) return pbmac1(algorithm, expected);
  const digest = DIGESTS.get(algorithm.oid);
  if (digest !== undefined) return pkcs12Mac(digest, salt, iterations, expected);
  const hmac = HMACS.get(algorithm.oid);
  if (hmac !== undefined) return keytoolMac(hmac, salt, iterations, expected);
  throw new StoreFault(
    "unsupported-algorithm",
    `The MAC algorithm ${algorithm.oid} is not supported`,
    { javaMessage: macUnavailable(algorithm.oid) },
  );
}

function pkcs12Mac(
  digest: Digest,
  salt: Uint8Array,
  iterations: number,
  expected: Uint8Array,
): Pkcs12Mac {
  return {
    facts: {
      algorithm: `HMAC-${digest.label}`,
      keyDerivation: `PKCS12-KDF-${digest.label}`,
      iterations,
    },
    iterations,
    javaRefusal: null,
    verify: async (authSafe, { bmp }) => {
      const key = await derivePkcs12({
        digest,
        purpose: KeyPurpose.mac,
        password: bmp,
        salt,
        iterations,
        length: digest.size,
      });
      return fits(digest, key, authSafe, expected);
    },
  };
}

/**
 * As keytool (JDK 17 and 25) writes it with `macAlgorithm=PBEWithHmacSHA256`: PBKDF2, and a key as short as
 * com.sun.crypto.provider.PBMAC1Core makes it, which takes the block length for a number of bits.
 */
function keytoolMac(
  digest: Digest,
  salt: Uint8Array,
  iterations: number,
  expected: Uint8Array,
): Pkcs12Mac {
  const kdf: Pbkdf2 = { digest, salt, iterations, keyLength: digest.block / 8 };
  const javaName = `HMAC${digest.label.replaceAll("-", "")}`;
  const algorithm = `HMAC-${digest.label}`;
  return pbkdf2Mac({ algorithm, kdf, digest, expected, javaRefusal: macUnavailable(javaName) });
}

function pbmac1(algorithm: AlgorithmIdentifier, expected: Uint8Array): Pkcs12Mac {
  const reader = new DerReader(algorithm.parameters ?? new Uint8Array(0)).enter(
    Tag.sequence,
    "PBMAC1 parameters",
  );
  const kdf = readAlgorithmIdentifier(reader.expect(Tag.sequence, "a key derivation function"));
  const scheme = readAlgorithmIdentifier(reader.expect(Tag.sequence, "a MAC scheme"));
  reader.finish("PBMAC1 parameters");
  const digest = HMACS.get(scheme.oid);
  const javaMessage = macUnavailable(PBMAC1);
  if (kdf.oid !== PBKDF2 || kdf.parameters === null || digest === undefined)
    throw new StoreFault(
      "unsupported-algorithm",
      `PBMAC1 with ${kdf.oid} and ${scheme.oid} is not supported; PBKDF2 and an HMAC were expected`,
      { javaMessage },
    );
  return pbkdf2Mac({
    algorithm: `PBMAC1 HMAC-${digest.label}`,
    kdf: readPbkdf2(kdf.parameters),
    digest,
    expected,
    javaRefusal: javaMessage,
  });
}

interface Pbkdf2MacParts {
  /** As people write it. */
  readonly algorithm: string;
  readonly kdf: Pbkdf2;
  readonly digest: Digest;
  readonly expected: Uint8Array;
  readonly javaRefusal: string;
}

function pbkdf2Mac({ algorithm, kdf, digest, expected, javaRefusal }: Pbkdf2MacParts): Pkcs12Mac {
  const { iterations } = kdf;
  const length = kdf.keyLength ?? digest.size;
  if (length === 0 || length > 1024)
    throw new StoreFault("malformed", `MAC key of ${length} octets; ${digest.size} were expected`);
  return {
    facts: {
      algorithm,
      keyDerivation: pbkdf2Label(kdf),
      iterations,
    },
    iterations,
    javaRefusal,
    verify: async (authSafe, { utf8 }) =>
      fits(digest, await derivePbkdf2(kdf, utf8, length), authSafe, expected),
  };
}

function fits(
  digest: Digest,
  key: Uint8Array,
  authSafe: Uint8Array,
  expected: Uint8Array,
): boolean {
  const actual = createHmac(digest.name, key).update(authSafe).digest();
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
