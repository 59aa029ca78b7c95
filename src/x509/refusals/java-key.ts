import { Tag } from "../der.ts";
import { JAVA_CURVE_BITS } from "./java-curves.ts";
import { JavaException } from "./java-exception.ts";
import {
  javaBits,
  javaInteger,
  javaOidText,
  type JavaRelease,
  javaSmallInteger,
  JavaValue,
} from "./java-values.ts";

/** An AlgorithmIdentifier as Java keeps it: NULL parameters count as none. */
export interface JavaAlgorithm {
  readonly oid: string;
  readonly parameters: JavaValue | null;
}

/** AlgorithmId.parse(DerValue), the parameters of known algorithms included. @throws {JavaException} */
export function readJavaAlgorithm(value: JavaValue): JavaAlgorithm {
  if (value.tag !== Tag.sequence) throw new JavaException("algid parse error, not a sequence");
  const oid = javaOidText(value.next());
  if (value.available === 0) return { oid, parameters: null };
  const given = value.next();
  if (given.tag === Tag.null && given.length !== 0) throw new JavaException("invalid NULL");
  const parameters = given.tag === Tag.null ? null : given;
  if (value.available !== 0) throw new JavaException("Invalid AlgorithmIdentifier: extra data");
  if (parameters !== null) checkParameters(oid, parameters);
  return { oid, parameters };
}

const EC = "1.2.840.10045.2.1";
const RSA = "1.2.840.113549.1.1.1";
const RSASSA_PSS = "1.2.840.113549.1.1.10";
const DSA: ReadonlySet<string> = new Set(["1.2.840.10040.4.1", "1.3.14.3.2.12"]);

function checkParameters(oid: string, parameters: JavaValue): void {
  if (oid === EC) {
    if (parameters.tag !== Tag.oid) throw new JavaException("Only named ECParameters supported");
    const curve = javaOidText(parameters);
    if (!JAVA_CURVE_BITS.has(curve)) throw new JavaException(`Unknown named curve: ${curve}`);
  } else if (oid === RSASSA_PSS) checkPssParameters(parameters);
  else if (DSA.has(oid)) {
    if (parameters.tag !== Tag.sequence) throw new JavaException("DSA params parsing error");
    const numbers = parameters.as(Tag.sequence);
    for (let i = 0; i < 3; i++) javaInteger(numbers.next());
    if (numbers.available !== 0)
      throw new JavaException(`encoded params have ${numbers.available} extra bytes`);
  }
}

/** Digests that MGF1 may use (sun.security.rsa.PSSParameters). */
const MGF_DIGESTS: ReadonlySet<string> = new Set([
  "1.3.14.3.2.26",
  ...[4, 1, 2, 3, 5, 6, 7, 8, 9, 10].map((number) => `2.16.840.1.101.3.4.2.${number}`),
]);

function checkPssParameters(parameters: JavaValue): void {
  for (const field of parameters.as(parameters.tag).all(Tag.sequence)) {
    const number = (field.tag & 0xc0) === 0x80 ? field.tag & 0x1f : null;
    if (number === 0) readJavaAlgorithm(field.next());
    else if (number === 1) {
      const mask = readJavaAlgorithm(field.next());
      if (mask.oid !== "1.2.840.113549.1.1.8")
        throw new JavaException("Only MGF1 mgf is supported");
      if (mask.parameters === null) throw new JavaException("Missing MGF1 parameters");
      const digest = readJavaAlgorithm(mask.parameters.as(mask.parameters.tag));
      if (!MGF_DIGESTS.has(digest.oid))
        throw new JavaException(`Unrecognized message digest algorithm ${digest.oid}`);
    } else if (number === 2) {
      if (javaSmallInteger(field.next()) < 0)
        throw new JavaException("Negative value for saltLength");
    } else if (number === 3) {
      const trailer = javaSmallInteger(field.next());
      if (trailer !== 1) throw new JavaException(`Unsupported trailerField value ${trailer}`);
    } else throw new JavaException("Invalid encoded PSSParameters");
  }
}

/** X509Key.parse(DerValue) and the key factory of the algorithm. @throws {JavaException} */
export function checkJavaKey(value: JavaValue): void {
  if (value.tag !== Tag.sequence) throw new JavaException("corrupt subject key");
  const algorithm = readJavaAlgorithm(value.next());
  const bits = value.next();
  const key = javaBits(bits);
  const unused = bits.buffer[bits.start] ?? 0;
  try {
    checkKey(algorithm, key, { bits: key.length * 8 - unused, release: value.release });
  } catch (error) {
    if (!(error instanceof JavaException) || error.isIo) throw error;
    throw wrapInvalidKey(error);
  }
  if (value.available !== 0) throw new JavaException("excess subject key");
}

const INVALID_KEY = "java.security.InvalidKeyException";
const INVALID_SPECIFICATION = "java.security.spec.InvalidKeySpecException";

const invalidKey = (message: string, causes: readonly string[] = []): JavaException =>
  new JavaException(message, { type: INVALID_KEY, causes });

/** Key factory, buildX509Key() and parse() wrap what a key's class throws, each once. */
function wrapInvalidKey({ exceptions }: JavaException): JavaException {
  const [first = ""] = exceptions;
  const isSpecification = first.startsWith(INVALID_SPECIFICATION);
  const text = isSpecification ? first.slice(INVALID_SPECIFICATION.length + 2) : first;
  return new JavaException(`subject key, ${text}`, {
    causes: [
      `${INVALID_KEY}: ${text}`,
      ...(isSpecification ? [] : [`${INVALID_SPECIFICATION}: ${text}`]),
      ...exceptions,
    ],
  });
}

const EDWARDS_AND_MONTGOMERY: ReadonlyMap<string, number> = new Map([
  ["1.3.101.110", 32],
  ["1.3.101.111", 56],
  ["1.3.101.112", 32],
  ["1.3.101.113", 57],
]);

const ML_DSA = /^2\.16\.840\.1\.101\.3\.4\.3\.1[789]$/;

function checkKey(
  { oid, parameters }: JavaAlgorithm,
  key: Uint8Array,
  { bits, release }: { readonly bits: number; readonly release: JavaRelease },
): void {
  if (oid === RSA || oid === RSASSA_PSS) checkRsaKey(key, release);
  else if (oid === EC) checkEcKey(key, parameters);
  else if (DSA.has(oid)) checkDsaKey(key, release);
  const octets = EDWARDS_AND_MONTGOMERY.get(oid);
  // the constructors look at the last octet before they look at the length
  if (octets !== undefined && key.length > 0 && bits !== octets * 8)
    throw invalidKey(`key length must be ${octets}`);
  if (ML_DSA.test(oid) && release === "25" && parameters !== null)
    throw invalidKey("algorithm identifier has params");
}

function checkEcKey(key: Uint8Array, parameters: JavaValue | null): void {
  if (parameters === null)
    throw invalidKey("EC domain parameters must be encoded in the algorithm identifier");
  const size = JAVA_CURVE_BITS.get(javaOidText(parameters)) ?? 0;
  const complain = (text: string): JavaException =>
    invalidKey("Invalid EC key", [`java.io.IOException: ${text}`]);
  if (key[0] !== 4) throw complain("Only uncompressed point format supported");
  if ((key.length - 1) >> 1 !== (size + 7) >> 3) throw complain("Point does not match field size");
}

function checkRsaKey(key: Uint8Array, release: JavaRelease): void {
  const [modulus, exponent] = readRsaKey(key, release);
  const size = (bitLength(modulus) + 7) & ~7;
  if (size < 512) throw invalidKey("RSA keys must be at least 512 bits long");
  if (size > 16384) throw invalidKey("RSA keys must be no longer than 16384 bits");
  if (size > 3072 && bitLength(exponent) > 64)
    throw invalidKey(
      "RSA exponents can be no longer than 64 bits  if modulus is greater than 3072 bits",
    );
  if (exponent >= modulus) throw invalidKey("exponent is larger than modulus");
  if (exponent < 3n) throw invalidKey("exponent is smaller than 3");
}

function readRsaKey(key: Uint8Array, release: JavaRelease): [modulus: bigint, exponent: bigint] {
  try {
    const sequence = JavaValue.of(key, release);
    if (sequence.tag !== Tag.sequence) throw new JavaException("Not a SEQUENCE");
    const modulus = positive(javaInteger(sequence.next()));
    const exponent = positive(javaInteger(sequence.next()));
    if (sequence.available !== 0) throw new JavaException("Extra data available");
    return [modulus, exponent];
  } catch (error) {
    if (!(error instanceof JavaException)) throw error;
    throw invalidKey("Invalid RSA public key", error.exceptions);
  }
}

function positive(octets: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(octets).toString("hex")}`);
}

function bitLength(number: bigint): number {
  return number === 0n ? 0 : number.toString(2).length;
}

function checkDsaKey(key: Uint8Array, release: JavaRelease): void {
  try {
    javaInteger(JavaValue.content(Tag.sequence, key, release).next());
  } catch (error) {
    if (!(error instanceof JavaException)) throw error;
    throw new JavaException(
      `Inappropriate key specification: Invalid key: y value\n${error.message}`,
      { type: INVALID_SPECIFICATION },
    );
  }
}
