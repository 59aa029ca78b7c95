import { createDecipheriv, createHmac, timingSafeEqual } from "node:crypto";
import { readSmallInteger } from "../x509/der-values.ts";
import { contentOf, DerReader, Tag } from "../x509/der.ts";
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from "../x509/signature-algorithm.ts";
import type { Bcfks, BcfksIntegrity } from "./bcfks-structure.ts";
import { HMACS } from "./digests.ts";
import { byScrypt, type KeyDerivation, readKeyDerivation } from "./key-derivation.ts";
import { MAX_ITERATIONS } from "./limits.ts";
import { bmpPassword } from "./password-forms.ts";
import { checkScrypt, readScrypt, SCRYPT } from "./scrypt.ts";
import { StoreFault } from "./store-error.ts";
import type { StoreEncryption, StoreMac } from "./truststore.ts";

const PBES2 = "1.2.840.113549.1.5.13";
const AES_256_CCM = "2.16.840.1.101.3.4.1.47";
const AES_256_WRAP_PAD = "2.16.840.1.101.3.4.1.48";
const KEY_OCTETS = 32;
const MAX_MAC_KEY = 1024;

/** Initial value of AES key wrap with padding (RFC 5649 section 3). */
const WRAP_IV = Uint8Array.of(0xa6, 0x59, 0x59, 0xa6);

/** Derives a key of a BCFKS file: both password and purpose are BMPStrings with terminator, one behind the other. */
function deriveKey(
  { derive }: KeyDerivation,
  password: string,
  purpose: "STORE_ENCRYPTION" | "INTEGRITY_CHECK",
  length: number,
): Promise<Uint8Array> {
  // BouncyCastle makes nothing of the empty password, not even a terminator.
  const secret = password === "" ? new Uint8Array(0) : bmpPassword(password);
  return derive(Buffer.concat([secret, bmpPassword(purpose)]), length);
}

/**
 * The ways to derive that a store may mean. BouncyCastle passes the block size of scrypt where the parallelisation
 * belongs (BcFKSKeyStoreSpi.generateKey); what it writes means that, what the parameters say is tried behind it.
 */
function readDerivations(algorithm: AlgorithmIdentifier, what: string): Derivations {
  const stated = readKeyDerivation(algorithm);
  if (stated.iterations < 1)
    throw new StoreFault("malformed", `Iteration count 0 of the ${what}; 1 or more was expected`);
  if (stated.iterations > MAX_ITERATIONS)
    throw new StoreFault(
      "iterations-too-many",
      `The ${what} asks for ${stated.iterations} iterations; at most ${MAX_ITERATIONS} are made`,
    );
  if (algorithm.oid !== SCRYPT || algorithm.parameters === null) return { stated, tried: [stated] };
  const scrypt = readScrypt(algorithm.parameters);
  const meant = { ...scrypt, parallelisation: scrypt.blockSize };
  if (meant.parallelisation === scrypt.parallelisation) return { stated, tried: [stated] };
  checkScrypt(meant);
  return { stated, tried: [byScrypt(meant), stated] };
}

interface Derivations {
  /** As the parameters say. */
  readonly stated: KeyDerivation;
  readonly tried: readonly KeyDerivation[];
}

/** An encryption of the whole store, understood and ready to be undone. */
export interface BcfksEncryption {
  readonly facts: StoreEncryption;
  /** The plaintext; null when the password is another one. */
  readonly decrypt: (ciphertext: Uint8Array, password: string) => Promise<Uint8Array | null>;
}

/** Understands the encryption of a store: PBES2 with AES-256 in CCM or key wrap mode. @throws {DerError} @throws {StoreFault} */
export function readBcfksEncryption(algorithm: AlgorithmIdentifier): BcfksEncryption {
  if (algorithm.oid !== PBES2 || algorithm.parameters === null) throw unsupported(algorithm.oid);
  const reader = new DerReader(algorithm.parameters).enter(Tag.sequence, "PBES2 parameters");
  const { stated, tried } = readDerivations(
    readAlgorithmIdentifier(reader.expect(Tag.sequence, "a key derivation function")),
    "encryption",
  );
  const scheme = readAlgorithmIdentifier(reader.expect(Tag.sequence, "an encryption scheme"));
  const { label, decipher } = readCipher(scheme);
  return {
    facts: {
      algorithm: `PBES2 ${label}`,
      keyDerivation: stated.label,
      iterations: stated.iterations,
    },
    decrypt: async (ciphertext, password) => {
      for (const derivation of tried) {
        const key = await deriveKey(derivation, password, "STORE_ENCRYPTION", KEY_OCTETS);
        const plaintext = decipher(key, ciphertext);
        if (plaintext !== null) return plaintext;
      }
      return null;
    },
  };
}

interface Cipher {
  readonly label: string;
  readonly decipher: (key: Uint8Array, ciphertext: Uint8Array) => Uint8Array | null;
}

function readCipher({ oid, parameters }: AlgorithmIdentifier): Cipher {
  if (oid === AES_256_WRAP_PAD)
    return { label: "AES-256-KWP", decipher: (key, ciphertext) => unwrap(key, ciphertext) };
  if (oid !== AES_256_CCM || parameters === null) throw unsupported(oid);
  // CCMParameters of RFC 5084 section 3.1.
  const reader = new DerReader(parameters).enter(Tag.sequence, "CCM parameters");
  const nonce = contentOf(reader.expect(Tag.octetString, "a nonce"));
  const length = reader.optional(Tag.integer);
  const tagLength = length === undefined ? 12 : readSmallInteger(length);
  if (nonce.length < 7 || nonce.length > 13 || tagLength < 4 || tagLength > 16 || tagLength % 2 > 0)
    throw new StoreFault(
      "malformed",
      `AES-CCM with a nonce of ${nonce.length} and a tag of ${tagLength} octets is impossible`,
    );
  return {
    label: "AES-256-CCM",
    decipher: (key, ciphertext) => decipherCcm(key, nonce, tagLength, ciphertext),
  };
}

function decipherCcm(
  key: Uint8Array,
  nonce: Uint8Array,
  authTagLength: number,
  ciphertext: Uint8Array,
): Uint8Array | null {
  const body = ciphertext.length - authTagLength;
  // A nonce of 13 octets leaves two for the length of the text.
  if (body < 0 || body >= 2 ** (8 * Math.min(4, 15 - nonce.length))) return null;
  const cipher = createDecipheriv("aes-256-ccm", key, nonce, { authTagLength });
  cipher.setAuthTag(ciphertext.subarray(body));
  return orNull(() => Buffer.concat([cipher.update(ciphertext.subarray(0, body)), cipher.final()]));
}

function unwrap(key: Uint8Array, ciphertext: Uint8Array): Uint8Array | null {
  if (ciphertext.length < 16 || ciphertext.length % 8 !== 0) return null;
  const cipher = createDecipheriv("id-aes256-wrap-pad", key, WRAP_IV);
  return orNull(() => Buffer.concat([cipher.update(ciphertext), cipher.final()]));
}

/** Null where a cipher throws, which it does when the text does not belong to the key. */
function orNull(decipher: () => Uint8Array): Uint8Array | null {
  try {
    return decipher();
  } catch {
    return null;
  }
}

/** The MAC of a store, understood. */
export interface BcfksMac {
  readonly facts: StoreMac;
  /** Whether it fits the password. */
  readonly verify: (password: string) => Promise<boolean>;
}

/** Understands the MAC; null where the store is signed instead. @throws {DerError} @throws {StoreFault} */
export function readBcfksMac(
  integrity: BcfksIntegrity,
  authenticated: Bcfks["authenticated"],
): BcfksMac | null {
  if (integrity.kind === "signature") return null;
  const digest = HMACS.get(integrity.algorithm.oid);
  if (digest === undefined) throw unsupported(integrity.algorithm.oid);
  const { stated, tried } = readDerivations(integrity.keyDerivation, "MAC");
  const length = stated.keyLength ?? digest.size;
  if (length < 1 || length > MAX_MAC_KEY)
    throw new StoreFault("malformed", `MAC key of ${length} octets; ${digest.size} were expected`);
  return {
    facts: {
      algorithm: `HMAC-${digest.label}`,
      keyDerivation: stated.label,
      iterations: stated.iterations,
    },
    verify: async (password) => {
      for (const derivation of tried) {
        const key = await deriveKey(derivation, password, "INTEGRITY_CHECK", length);
        const actual = createHmac(digest.name, key).update(authenticated).digest();
        if (actual.length === integrity.mac.length && timingSafeEqual(actual, integrity.mac))
          return true;
      }
      return false;
    },
  };
}

function unsupported(oid: string): StoreFault {
  return new StoreFault(
    "unsupported-algorithm",
    `The BCFKS file is protected by ${oid}, which is not supported; PBES2 with AES-256 in CCM or KWP mode and an HMAC are`,
  );
}
