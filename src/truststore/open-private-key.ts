import { readSmallInteger } from "../x509/der-values.ts";
import { contentOf, DerError, DerReader, onlyElement, Tag } from "../x509/der.ts";
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from "../x509/signature-algorithm.ts";
import { JCEKS_KEY_PROTECTOR, openJceksKey } from "./jceks-key-protector.ts";
import { JKS_KEY_PROTECTOR, openJksKey } from "./jks-key-protector.ts";
import { MAX_ITERATIONS, MAX_PASSWORD_LENGTH } from "./limits.ts";
import { type PasswordForm, passwordForms } from "./password-forms.ts";
import { readEncryption } from "./pbe.ts";
import { decryptPbes1, PBES1_SCHEMES } from "./pbes1.ts";
import { PrivateKeyFault } from "./private-key.ts";
import { StoreFault } from "./store-error.ts";

/** Iterations of schemes that are computed on the main thread; keytool's own 200,000 take half a second. */
const MAX_BLOCKING_ITERATIONS = 1_000_000;

/**
 * Opens an EncryptedPrivateKeyInfo (RFC 5958 section 3) of any scheme that keytool and openssl write: PBES2, those
 * of PKCS#12, PBES1 with DES, and the protectors of JKS and JCEKS. The PrivateKeyInfo that comes out is a secret.
 * @returns null when the password is another one
 * @throws {PrivateKeyFault} when the structure is damaged or the scheme is not known
 */
export async function openPrivateKey(
  encrypted: Uint8Array,
  password: string,
): Promise<Uint8Array | null> {
  if (password.length > MAX_PASSWORD_LENGTH) return null;
  try {
    const reader = new DerReader(encrypted).enter(Tag.sequence, "an encrypted private key");
    const algorithm = readAlgorithmIdentifier(
      reader.expect(Tag.sequence, "the encryption of a private key"),
    );
    const data = contentOf(reader.expect(Tag.octetString, "the octets of a private key"));
    for (const form of passwordForms(password)) {
      const opened = await decrypt(algorithm, data, { password, form });
      if (opened !== null && isPrivateKeyInfo(opened)) return opened;
    }
    return null;
  } catch (error) {
    if (error instanceof StoreFault) throw new PrivateKeyFault("unsupported", ofKey(error.message));
    if (!(error instanceof DerError)) throw error;
    throw new PrivateKeyFault(
      "unreadable",
      `The protection of the key is damaged: ${error.message}`,
    );
  }
}

interface Secret {
  readonly password: string;
  readonly form: PasswordForm;
}

async function decrypt(
  algorithm: AlgorithmIdentifier,
  data: Uint8Array,
  { password, form }: Secret,
): Promise<Uint8Array | null> {
  const { oid } = algorithm;
  if (oid === JKS_KEY_PROTECTOR) return openJksKey(data, password);
  if (oid === JCEKS_KEY_PROTECTOR)
    return openJceksKey(data, password, readPbeParameters(algorithm));
  const digest = PBES1_SCHEMES.get(oid);
  if (digest !== undefined)
    return decryptPbes1(data, form.utf8, { digest, ...readPbeParameters(algorithm) });
  const { facts, decrypt: undo } = readEncryption(algorithm);
  if (facts.iterations < 1 || facts.iterations > MAX_ITERATIONS)
    throw tooMany(facts.iterations, MAX_ITERATIONS);
  return undo(data, form);
}

/** PBEParameter: a salt and an iteration count. @throws {DerError} @throws {PrivateKeyFault} */
function readPbeParameters({ parameters }: AlgorithmIdentifier): {
  readonly salt: Uint8Array;
  readonly iterations: number;
} {
  const reader = new DerReader(parameters ?? new Uint8Array(0)).enter(
    Tag.sequence,
    "the parameters of an encryption",
  );
  const salt = contentOf(reader.expect(Tag.octetString, "a salt"));
  const iterations = readSmallInteger(reader.expect(Tag.integer, "an iteration count"));
  if (iterations < 1 || iterations > MAX_BLOCKING_ITERATIONS)
    throw tooMany(iterations, MAX_BLOCKING_ITERATIONS);
  return { salt, iterations };
}

function tooMany(iterations: number, most: number): PrivateKeyFault {
  return new PrivateKeyFault(
    "unsupported",
    `The protection of the key asks for ${iterations} iterations; 1 to ${most} are made`,
  );
}

/** Rubbish that happens to end in valid padding is no SEQUENCE of the right length. */
function isPrivateKeyInfo(bytes: Uint8Array): boolean {
  try {
    onlyElement(bytes, Tag.sequence, "a private key");
    return true;
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}

/** Readers of stores word their refusals for certificates. */
function ofKey(message: string): string {
  return message.replace(/^Certificates are protected/, "The key is protected");
}
