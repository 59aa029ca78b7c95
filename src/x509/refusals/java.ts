import { bytesEqual } from "../der-values.ts";
import { Tag } from "../der.ts";
import type { Extension } from "../extension-list.ts";
import { JAVA_EXTENSIONS } from "./java-extensions.ts";
import { type JavaAlgorithm, checkJavaKey, readJavaAlgorithm } from "./java-key.ts";
import { checkJavaName } from "./java-names.ts";
import { JavaException } from "./java-exception.ts";
import { checkJavaTime } from "./java-time.ts";
import {
  javaBits,
  javaBoolean,
  javaInteger,
  javaOctets,
  javaOidText,
  type JavaRelease,
  javaSmallInteger,
  JavaValue,
} from "./java-values.ts";
import { ExtensionOid } from "../oids.ts";

/** Why the JDK does not take octets for a certificate. */
export interface JavaRefusal {
  /** Text of the CertificateException that CertificateFactory throws. */
  readonly message: string;
  /** That exception and its causes, outermost first, as Throwable.toString() prints them. */
  readonly exceptions: readonly string[];
}

/**
 * What CertificateFactory throws for octets that it does not take for a certificate; null when it reads them. Octets
 * behind the certificate are left unread, as in JSSE.
 * Source: X509Factory, X509CertImpl and X509CertInfo of JDK 25; 17 measured.
 */
export function javaRefusal(der: Uint8Array, release: JavaRelease): JavaRefusal | null {
  try {
    readCertificate(firstBlock(der), release);
    return null;
  } catch (error) {
    if (!(error instanceof JavaException)) throw error;
    const { isIo, exceptions, message } = error;
    // only readOneBlock() lets an IOException through to the factory
    if (!isIo) return { message, exceptions };
    const text = `Could not parse certificate: ${exceptions[0] ?? ""}`;
    return { message: text, exceptions: [`${CERTIFICATE_EXCEPTION}: ${text}`, ...exceptions] };
  }
}

const CERTIFICATE_EXCEPTION = "java.security.cert.CertificateException";
const PARSING_EXCEPTION = "java.security.cert.CertificateParsingException";

const parsing = (message: string): JavaException =>
  new JavaException(message, { type: PARSING_EXCEPTION });

/** X509Factory.readOneBlock(): one BER element off the stream. @throws {JavaException} */
function firstBlock(der: Uint8Array): Uint8Array {
  if (der[0] !== Tag.sequence) throw new JavaException("Empty input");
  return der.subarray(0, elementEnd(der, 0, 0));
}

const BLOCK_DEPTH = 512;

function elementEnd(der: Uint8Array, offset: number, depth: number): number {
  const tag = der[offset];
  const first = der[offset + 1];
  if (tag === undefined) throw new JavaException("BER/DER tag info absent");
  if (depth > 0 && (tag & 0x1f) === 0x1f) throw new JavaException("Multi octets tag not supported");
  if (first === undefined) throw new JavaException("BER/DER length info absent");
  if (first === 0x80) {
    if ((tag & 0x20) === 0)
      throw new JavaException("Non constructed encoding must have definite length");
    if (depth >= BLOCK_DEPTH) throw new JavaException("Nesting sequence depth limit reached.");
    let at = offset + 2;
    for (;;) {
      const isEnd = der[at] === 0;
      at = elementEnd(der, at, depth + 1);
      if (isEnd) return at;
    }
  }
  const octets = first < 0x80 ? 0 : first & 0x7f;
  if (octets > 4) throw new JavaException("Invalid BER/DER data (too huge?)");
  let length = first;
  if (octets > 0) {
    length = 0;
    for (let i = 0; i < octets; i++) {
      const octet = der[offset + 2 + i];
      if (octet === undefined) throw new JavaException("Incomplete BER/DER length info");
      length = length * 256 + octet;
    }
    if (length > 0x7fff_ffff) throw new JavaException("Invalid BER/DER data (a little huge?)");
  }
  const end = offset + 2 + octets + length;
  if (end > der.length) throw new JavaException("Incomplete BER/DER data");
  return end;
}

/** X509CertImpl(byte[]). @throws {JavaException} */
function readCertificate(block: Uint8Array, release: JavaRelease): void {
  let info: JavaValue;
  let outer: JavaAlgorithm;
  try {
    const whole = JavaValue.of(block, release);
    const parts = [whole.next(), whole.next(), whole.next()] as const;
    if (whole.available !== 0) throw parsing(`signed overrun, bytes = ${whole.available}`);
    if (parts[0].tag !== Tag.sequence) throw parsing("signed fields invalid");
    outer = readJavaAlgorithm(parts[1]);
    javaBits(parts[2]);
    info = parts[0];
  } catch (error) {
    if (!(error instanceof JavaException) || !error.isIo) throw error;
    throw new JavaException(`Unable to initialize, ${error.exceptions[0] ?? ""}`, {
      type: CERTIFICATE_EXCEPTION,
      causes: error.exceptions,
    });
  }
  if (!sameAlgorithm(outer, readWrapped(info)))
    throw new JavaException("Signature algorithm mismatch", { type: CERTIFICATE_EXCEPTION });
}

/** X509CertInfo(DerValue). */
function readWrapped(info: JavaValue): JavaAlgorithm {
  try {
    return readInfo(info);
  } catch (error) {
    if (!(error instanceof JavaException) || !error.isIo) throw error;
    throw new JavaException(error.exceptions[0] ?? "", {
      type: PARSING_EXCEPTION,
      causes: error.exceptions,
    });
  }
}

function sameAlgorithm(a: JavaAlgorithm, b: JavaAlgorithm): boolean {
  if (a.oid !== b.oid) return false;
  if (a.parameters === null || b.parameters === null) return a.parameters === b.parameters;
  return (
    a.parameters.tag === b.parameters.tag && bytesEqual(a.parameters.octets, b.parameters.octets)
  );
}

/** X509CertInfo.parse(). */
function readInfo(info: JavaValue): JavaAlgorithm {
  let version = 0;
  let value = info.next();
  if (value.isContext(0)) {
    if (value.isConstructed) version = javaSmallInteger(value.next());
    value = info.next();
  }
  javaInteger(value);
  const algorithm = readJavaAlgorithm(info.next());
  if (!checkJavaName(info)) throw parsing("Empty issuer DN not allowed in X509Certificates");
  checkValidity(info.next());
  const isNamed = checkJavaName(info);
  if (version === 0 && !isNamed) throw parsing("Empty subject DN not allowed in v1 certificate");
  checkJavaKey(info.next());
  if (info.available === 0) return algorithm;
  if (version === 0) throw parsing("no more data allowed for version 1 certificate");
  value = info.next();
  for (const number of [1, 2]) {
    if (!value.isContext(number)) continue;
    javaBits(value, true);
    if (info.available === 0) return algorithm;
    value = info.next();
  }
  if (version !== 2) throw parsing("Extensions not allowed in v2 certificate");
  const altNames = value.isConstructed && value.isContext(3) ? checkExtensions(value) : null;
  const missing = isNamed ? null : namelessComplaint(altNames);
  if (missing !== null) throw parsing(`X.509 Certificate is incomplete: ${missing}`);
  return algorithm;
}

function checkValidity(value: JavaValue): void {
  if (value.tag !== Tag.sequence)
    throw new JavaException("Invalid encoded CertificateValidity, starting sequence tag missing.");
  if (value.available === 0) throw new JavaException("No data encoded for CertificateValidity");
  const times = value.all(Tag.sequence);
  const invalid = "Invalid encoding for CertificateValidity";
  if (times.length !== 2) throw new JavaException(invalid);
  for (const time of times) {
    if (time.tag !== Tag.utcTime && time.tag !== Tag.generalizedTime)
      throw new JavaException(invalid);
    checkJavaTime(time);
  }
}

/** What is known about subjectAltName after the extensions were read. */
interface AltNames {
  readonly present: boolean;
  readonly critical: boolean;
}

/** CertificateExtensions: a malformed extension of a known type is fatal when critical, absent otherwise. */
function checkExtensions(wrapped: JavaValue): AltNames {
  const { release } = wrapped;
  const seen = new Set<string>();
  let altNames: AltNames = { present: false, critical: false };
  for (const extension of wrapped.next().all(Tag.sequence)) {
    if (extension.tag !== Tag.sequence && extension.tag !== Tag.set)
      throw new JavaException(`toDerInputStream rejects tag type ${extension.printedTag}`);
    const oid = javaOidText(extension.next());
    let value = extension.next();
    let critical = false;
    if (value.tag === Tag.boolean) {
      critical = javaBoolean(value);
      value = extension.next();
    }
    if (!decodes(oid, javaOctets(value), critical, release)) continue;
    if (seen.has(oid)) throw new JavaException("Duplicate extensions not allowed");
    seen.add(oid);
    if (oid === ExtensionOid.subjectAltName) altNames = { present: true, critical };
  }
  return altNames;
}

/**
 * What the JDK throws when it reads an extension as the class that it has for it, cause after cause; null when it
 * reads it or has none. For a critical extension this refuses the certificate, any other counts as absent.
 */
export function javaExtensionComplaint(
  { oid, value, critical }: Extension,
  release: JavaRelease,
): JavaRefusal | null {
  try {
    JAVA_EXTENSIONS.get(oid)?.(value, { critical, release });
    return null;
  } catch (error) {
    if (!(error instanceof JavaException)) throw error;
    return { message: error.message, exceptions: error.exceptions };
  }
}

function decodes(oid: string, value: Uint8Array, critical: boolean, release: JavaRelease): boolean {
  try {
    JAVA_EXTENSIONS.get(oid)?.(value, { critical, release });
    return true;
  } catch (error) {
    if (!(error instanceof JavaException)) throw error;
    if (!critical) return false;
    throw error.isIo ? error : JavaException.wrapping(error);
  }
}

function namelessComplaint(altNames: AltNames | null): string | null {
  if (altNames === null) return "subject field is empty, and certificate has no extensions";
  if (!altNames.present)
    return "subject field is empty, and SubjectAlternativeName extension is absent";
  return altNames.critical
    ? null
    : "SubjectAlternativeName extension MUST be marked critical when subject field is empty";
}
