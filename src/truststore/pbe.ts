import { createDecipheriv } from "node:crypto";
import { readSmallInteger } from "../x509/der-values.ts";
import { contentOf, DerReader, Tag } from "../x509/der.ts";
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from "../x509/signature-algorithm.ts";
import { SHA_1 } from "./digests.ts";
import { readKeyDerivation } from "./key-derivation.ts";
import type { PasswordForm } from "./password-forms.ts";
import { derivePkcs12, KeyPurpose } from "./pkcs12-kdf.ts";
import { decryptRc2Cbc } from "./rc2.ts";
import { StoreFault } from "./store-error.ts";
import type { StoreEncryption } from "./truststore.ts";

/** A password-based encryption, understood and ready to be undone. */
export interface PasswordBasedEncryption {
  readonly facts: StoreEncryption;
  /** Iterations that deriving key and vector costs. */
  readonly cost: number;
  /** The plaintext; null when the padding shows that the password is another one. */
  readonly decrypt: (ciphertext: Uint8Array, password: PasswordForm) => Promise<Uint8Array | null>;
}

const PBES2 = "1.2.840.113549.1.5.13";

/** Ciphers of PBES2 by object identifier. */
const CIPHERS = new Map([
  ["2.16.840.1.101.3.4.1.2", { name: "aes-128-cbc", label: "AES-128-CBC", key: 16, block: 16 }],
  ["2.16.840.1.101.3.4.1.22", { name: "aes-192-cbc", label: "AES-192-CBC", key: 24, block: 16 }],
  ["2.16.840.1.101.3.4.1.42", { name: "aes-256-cbc", label: "AES-256-CBC", key: 32, block: 16 }],
  ["1.2.840.113549.3.7", { name: "des-ede3-cbc", label: "3DES-CBC", key: 24, block: 8 }],
]);

/** Schemes of PKCS#12 (RFC 7292 appendix C); 2-key 3DES repeats its first key. */
const PKCS12_SCHEMES = new Map([
  ["1.2.840.113549.1.12.1.3", { label: "PBE-SHA1-3DES", key: 24, decrypt: tripleDes }],
  [
    "1.2.840.113549.1.12.1.4",
    {
      label: "PBE-SHA1-2DES",
      key: 16,
      decrypt: (key: Uint8Array, iv: Uint8Array, text: Uint8Array): Uint8Array | null =>
        tripleDes(Buffer.concat([key, key.subarray(0, 8)]), iv, text),
    },
  ],
  ["1.2.840.113549.1.12.1.5", { label: "PBE-SHA1-RC2-128", key: 16, decrypt: rc2 }],
  ["1.2.840.113549.1.12.1.6", { label: "PBE-SHA1-RC2-40", key: 5, decrypt: rc2 }],
]);

/** Names of algorithms that are recognised and refused. */
const REFUSED = new Map([
  ["1.2.840.113549.1.12.1.1", "PBE-SHA1-RC4-128"],
  ["1.2.840.113549.1.12.1.2", "PBE-SHA1-RC4-40"],
  ["1.2.840.113549.1.5.3", "PBE-MD5-DES"],
  ["1.2.840.113549.1.5.10", "PBE-SHA1-DES"],
  ["1.2.840.113549.3.2", "RC2-CBC"],
  ["1.3.14.3.2.7", "DES-CBC"],
]);

/** Understands the AlgorithmIdentifier of an encryption. @throws {DerError} @throws {StoreFault} */
export function readEncryption(algorithm: AlgorithmIdentifier): PasswordBasedEncryption {
  return algorithm.oid === PBES2 ? readPbes2(algorithm) : readPkcs12Scheme(algorithm);
}

function readPbes2(algorithm: AlgorithmIdentifier): PasswordBasedEncryption {
  const reader = parameters(algorithm, "PBES2 parameters");
  const kdf = readAlgorithmIdentifier(reader.expect(Tag.sequence, "a key derivation function"));
  const scheme = readAlgorithmIdentifier(reader.expect(Tag.sequence, "an encryption scheme"));
  reader.finish("PBES2 parameters");
  const cipher = CIPHERS.get(scheme.oid);
  if (cipher === undefined || scheme.parameters === null)
    throw unsupported(scheme.oid, "encryption");
  const derivation = readKeyDerivation(kdf);
  const iv = contentOf(
    new DerReader(scheme.parameters).expect(Tag.octetString, "an initialisation vector"),
  );
  if (iv.length !== cipher.block || (derivation.keyLength ?? cipher.key) !== cipher.key)
    throw new StoreFault(
      "malformed",
      `${cipher.label} needs a key of ${cipher.key} and a vector of ${cipher.block} octets; the file gives ${derivation.keyLength ?? cipher.key} and ${iv.length}`,
    );
  return {
    facts: {
      algorithm: `PBES2 ${cipher.label}`,
      keyDerivation: derivation.label,
      iterations: derivation.iterations,
    },
    cost: derivation.iterations,
    decrypt: async (ciphertext, { utf8 }) => {
      const key = await derivation.derive(utf8, cipher.key);
      return decipher(cipher.name, key, iv, ciphertext);
    },
  };
}

function readPkcs12Scheme(algorithm: AlgorithmIdentifier): PasswordBasedEncryption {
  const scheme = PKCS12_SCHEMES.get(algorithm.oid);
  if (scheme === undefined) throw unsupported(algorithm.oid, "encryption");
  const reader = parameters(algorithm, `${scheme.label} parameters`);
  const salt = contentOf(reader.expect(Tag.octetString, "a salt"));
  const iterations = readSmallInteger(reader.expect(Tag.integer, "an iteration count"));
  reader.finish(`${scheme.label} parameters`);
  return {
    facts: { algorithm: scheme.label, keyDerivation: "PKCS12-KDF-SHA-1", iterations },
    cost: iterations * (Math.ceil(scheme.key / SHA_1.size) + 1),
    decrypt: async (ciphertext, { bmp }) => {
      const common = { digest: SHA_1, password: bmp, salt, iterations };
      const key = await derivePkcs12({ ...common, purpose: KeyPurpose.key, length: scheme.key });
      const iv = await derivePkcs12({ ...common, purpose: KeyPurpose.iv, length: 8 });
      return scheme.decrypt(key, iv, ciphertext);
    },
  };
}

function parameters(algorithm: AlgorithmIdentifier, what: string): DerReader {
  return new DerReader(algorithm.parameters ?? new Uint8Array(0)).enter(Tag.sequence, what);
}

function unsupported(oid: string, what: string): StoreFault {
  const name = REFUSED.get(oid);
  return new StoreFault(
    "unsupported-algorithm",
    `Certificates are protected by the ${what} ${name === undefined ? oid : `${name} (${oid})`}, which is not supported`,
  );
}

function decipher(
  name: string,
  key: Uint8Array,
  iv: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | null {
  if (ciphertext.length === 0 || ciphertext.length % iv.length !== 0) return null;
  const cipher = createDecipheriv(name, key, iv);
  cipher.setAutoPadding(false);
  return unpad(Buffer.concat([cipher.update(ciphertext), cipher.final()]), iv.length);
}

function tripleDes(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | null {
  return decipher("des-ede3-cbc", key, iv, ciphertext);
}

function rc2(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | null {
  if (ciphertext.length === 0 || ciphertext.length % iv.length !== 0) return null;
  return unpad(decryptRc2Cbc(key, 8 * key.length, iv, ciphertext), iv.length);
}

/** Removes the padding of RFC 8018 section 6.1.1; null when it is none. */
function unpad(text: Uint8Array, block: number): Uint8Array | null {
  const count = text.at(-1) ?? 0;
  if (count === 0 || count > block) return null;
  if (text.subarray(text.length - count).some((octet) => octet !== count)) return null;
  return text.subarray(0, text.length - count);
}
