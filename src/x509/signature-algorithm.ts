import { bytesEqual, readOid, readSmallInteger } from "./der-values.ts";
import {
  DerError,
  type DerReader,
  type Element,
  encodingOf,
  inside,
  onlyElement,
  Tag,
} from "./der.ts";

/** An AlgorithmIdentifier as encoded (RFC 5280 section 4.1.1.2). */
export interface AlgorithmIdentifier {
  readonly oid: string;
  /** DER of the parameters; null when absent. */
  readonly parameters: Uint8Array | null;
  readonly der: Uint8Array;
}

/** A signature algorithm that can be verified. */
export interface SignatureAlgorithm {
  readonly scheme: "rsa-pkcs1" | "rsa-pss" | "ecdsa" | "dsa" | "eddsa" | "ml-dsa";
  /** Digest as node:crypto names it; null where the scheme fixes it. */
  readonly hash: string | null;
  /** Name as Java prints it, e.g. `SHA256withRSA`. */
  readonly javaName: string;
  /** Salt length in octets of RSASSA-PSS; null for others. */
  readonly saltLength: number | null;
}

/** Reads an AlgorithmIdentifier; nothing may follow its parameters. @throws {DerError} */
export function readAlgorithmIdentifier(element: Element): AlgorithmIdentifier {
  return readIdentifier(element, true);
}

/** As readAlgorithmIdentifier(), whatever follows the parameters. @throws {DerError} */
export function readLooseIdentifier(element: Element): AlgorithmIdentifier {
  return readIdentifier(element, false);
}

function readIdentifier(element: Element, strict: boolean): AlgorithmIdentifier {
  const reader = inside(element);
  const oid = readOid(reader.expect(Tag.oid, "an algorithm"));
  const parameters = reader.done ? null : encodingOf(reader.next());
  if (strict) reader.finish("an AlgorithmIdentifier");
  return { oid, parameters, der: encodingOf(element) };
}

type Row = readonly [
  oid: string,
  scheme: SignatureAlgorithm["scheme"],
  hash: string | null,
  javaName: string,
];

const ROWS: readonly Row[] = [
  ["1.2.840.113549.1.1.2", "rsa-pkcs1", "md2", "MD2withRSA"],
  ["1.2.840.113549.1.1.4", "rsa-pkcs1", "md5", "MD5withRSA"],
  ["1.2.840.113549.1.1.5", "rsa-pkcs1", "sha1", "SHA1withRSA"],
  ["1.3.14.3.2.29", "rsa-pkcs1", "sha1", "SHA1withRSA"],
  ["1.2.840.113549.1.1.14", "rsa-pkcs1", "sha224", "SHA224withRSA"],
  ["1.2.840.113549.1.1.11", "rsa-pkcs1", "sha256", "SHA256withRSA"],
  ["1.2.840.113549.1.1.12", "rsa-pkcs1", "sha384", "SHA384withRSA"],
  ["1.2.840.113549.1.1.13", "rsa-pkcs1", "sha512", "SHA512withRSA"],
  ["1.2.840.113549.1.1.15", "rsa-pkcs1", "sha512-224", "SHA512/224withRSA"],
  ["1.2.840.113549.1.1.16", "rsa-pkcs1", "sha512-256", "SHA512/256withRSA"],
  ["2.16.840.1.101.3.4.3.13", "rsa-pkcs1", "sha3-224", "SHA3-224withRSA"],
  ["2.16.840.1.101.3.4.3.14", "rsa-pkcs1", "sha3-256", "SHA3-256withRSA"],
  ["2.16.840.1.101.3.4.3.15", "rsa-pkcs1", "sha3-384", "SHA3-384withRSA"],
  ["2.16.840.1.101.3.4.3.16", "rsa-pkcs1", "sha3-512", "SHA3-512withRSA"],
  ["1.2.840.10045.4.1", "ecdsa", "sha1", "SHA1withECDSA"],
  ["1.2.840.10045.4.3.1", "ecdsa", "sha224", "SHA224withECDSA"],
  ["1.2.840.10045.4.3.2", "ecdsa", "sha256", "SHA256withECDSA"],
  ["1.2.840.10045.4.3.3", "ecdsa", "sha384", "SHA384withECDSA"],
  ["1.2.840.10045.4.3.4", "ecdsa", "sha512", "SHA512withECDSA"],
  ["2.16.840.1.101.3.4.3.9", "ecdsa", "sha3-224", "SHA3-224withECDSA"],
  ["2.16.840.1.101.3.4.3.10", "ecdsa", "sha3-256", "SHA3-256withECDSA"],
  ["2.16.840.1.101.3.4.3.11", "ecdsa", "sha3-384", "SHA3-384withECDSA"],
  ["2.16.840.1.101.3.4.3.12", "ecdsa", "sha3-512", "SHA3-512withECDSA"],
  ["1.2.840.10040.4.3", "dsa", "sha1", "SHA1withDSA"],
  ["2.16.840.1.101.3.4.3.1", "dsa", "sha224", "SHA224withDSA"],
  ["2.16.840.1.101.3.4.3.2", "dsa", "sha256", "SHA256withDSA"],
  ["1.3.101.112", "eddsa", null, "Ed25519"],
  ["1.3.101.113", "eddsa", null, "Ed448"],
  ["2.16.840.1.101.3.4.3.17", "ml-dsa", null, "ML-DSA-44"],
  ["2.16.840.1.101.3.4.3.18", "ml-dsa", null, "ML-DSA-65"],
  ["2.16.840.1.101.3.4.3.19", "ml-dsa", null, "ML-DSA-87"],
];

const ALGORITHMS: ReadonlyMap<string, SignatureAlgorithm> = new Map(
  ROWS.map(([oid, scheme, hash, javaName]) => [oid, { scheme, hash, javaName, saltLength: null }]),
);

const RSASSA_PSS = "1.2.840.113549.1.1.10";
const MGF1 = "1.2.840.113549.1.1.8";

const HASHES: ReadonlyMap<string, string> = new Map([
  ["1.3.14.3.2.26", "sha1"],
  ["2.16.840.1.101.3.4.2.4", "sha224"],
  ["2.16.840.1.101.3.4.2.1", "sha256"],
  ["2.16.840.1.101.3.4.2.2", "sha384"],
  ["2.16.840.1.101.3.4.2.3", "sha512"],
]);

/** The algorithm behind an identifier; null when it is not known or its parameters make no sense. */
export function signatureAlgorithmOf(identifier: AlgorithmIdentifier): SignatureAlgorithm | null {
  if (identifier.oid !== RSASSA_PSS) return ALGORITHMS.get(identifier.oid) ?? null;
  try {
    return pssAlgorithm(identifier.parameters);
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** RSASSA-PSS-params (RFC 4055 section 3.1); every field defaults to SHA-1 and 20 octets of salt. */
function pssAlgorithm(parameters: Uint8Array | null): SignatureAlgorithm | null {
  let hash = "sha1";
  let maskHash = "sha1";
  let saltLength = 20;
  if (parameters !== null) {
    const reader = inside(onlyElement(parameters, Tag.sequence, "RSASSA-PSS-params"));
    const hashField = reader.optional(Tag.constructed0);
    if (hashField !== undefined) hash = readHash(inside(hashField)) ?? "";
    const maskField = reader.optional(Tag.constructed1);
    if (maskField !== undefined) {
      const mask = inside(maskField).enter(Tag.sequence, "a mask generation function");
      if (readOid(mask.expect(Tag.oid, "a mask generation function")) !== MGF1) return null;
      maskHash = readHash(mask) ?? "";
    }
    const saltField = reader.optional(Tag.constructed2);
    if (saltField !== undefined)
      saltLength = readSmallInteger(inside(saltField).expect(Tag.integer, "a salt length"));
  }
  if (hash === "" || hash !== maskHash) return null;
  return { scheme: "rsa-pss", hash, javaName: "RSASSA-PSS", saltLength };
}

function readHash(reader: DerReader): string | undefined {
  const sequence = reader.enter(Tag.sequence, "a hash algorithm");
  return HASHES.get(readOid(sequence.expect(Tag.oid, "a hash algorithm")));
}

/** Whether two identifiers are the same, parameters included. */
export function algorithmsEqual(a: AlgorithmIdentifier, b: AlgorithmIdentifier): boolean {
  return a.oid === b.oid && bytesEqual(a.der, b.der);
}
