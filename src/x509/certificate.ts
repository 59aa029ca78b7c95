import { hash } from "node:crypto";
import { findAnomalies } from "./anomalies.ts";
import type { Anomaly } from "./anomaly.ts";
import { normaliseBer } from "./ber.ts";
import { bytesEqual, checkOid, hex, plainTime, readTime } from "./der-values.ts";
import { DerError, type DerErrorCode, DerWalk, readElement, Tag } from "./der.ts";
import { type Extension, readExtensionList } from "./extension-list.ts";
import { checkName, type Name, nameAt } from "./name.ts";
import { type PublicKeyInfo, publicKeyInfo } from "./public-key.ts";
import { fail, ok, type Result } from "./result.ts";
import {
  type AlgorithmIdentifier,
  readLooseIdentifier,
  type SignatureAlgorithm,
  signatureAlgorithmOf,
} from "./signature-algorithm.ts";

/** An X.509 certificate as data (RFC 5280 section 4.1). Byte fields are views of `der`. */
export interface Certificate {
  readonly der: Uint8Array;
  /** SHA-256 of `der`, lower-case hexadecimal: the identity of the certificate. */
  readonly sha256: string;
  readonly version: 1 | 2 | 3;
  /** Content octets of the serial number, lower-case hexadecimal. */
  readonly serialNumber: string;
  readonly issuer: Name;
  readonly subject: Name;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  /** Milliseconds since 1970; the certificate is valid up to and including this moment. */
  readonly notAfter: number;
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly publicKey: PublicKeyInfo;
  readonly extensions: readonly Extension[];
  /** DER of the part that is signed. */
  readonly tbs: Uint8Array;
  readonly signatureIdentifier: AlgorithmIdentifier;
  /** Null when the algorithm is not known. */
  readonly signatureAlgorithm: SignatureAlgorithm | null;
  readonly signature: Uint8Array;
  /** What the certificate should not contain although it can be read, in encoded order. */
  readonly anomalies: readonly Anomaly[];
}

/** Why bytes are not a certificate: the rule, the offset and a sentence. */
export interface CertificateError {
  readonly code: DerErrorCode;
  readonly offset: number;
  readonly message: string;
}

const MAX_CERTIFICATE = 1 << 20;

/**
 * Parses one certificate. Whatever no client could make sense of is an error; what some client reads although
 * RFC 5280 forbids it, such as lengths that are not minimal or octets behind the certificate, is read as that client
 * would and listed in `anomalies`. Names, keys and extensions are decoded when they are asked for.
 */
export function parseCertificate(der: Uint8Array): Result<Certificate, CertificateError> {
  try {
    return ok(readCertificate(der));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return fail({ code: error.code, offset: error.offset, message: error.message });
  }
}

function readCertificate(der: Uint8Array): Certificate {
  if (der.length > MAX_CERTIFICATE)
    throw new DerError("length-too-large", 0, `Certificate of ${der.length} octets is too large`);
  const buffer = Buffer.isBuffer(der)
    ? der
    : Buffer.from(der.buffer, der.byteOffset, der.byteLength);
  try {
    return new EncodedCertificate(der, buffer, []);
  } catch (error) {
    if (!(error instanceof DerError) || !isBerLength(error.code)) throw error;
    const { der: rewritten, changed, consumed } = normaliseBer(buffer);
    if (!changed) throw error;
    const code = error.code === "indefinite-length" ? error.code : "length-not-minimal";
    const found: Anomaly[] = [{ code, offset: error.offset }];
    if (consumed < der.length) found.push({ code: "trailing-bytes", offset: consumed });
    return new EncodedCertificate(der.subarray(0, consumed), Buffer.from(rewritten), found);
  }
}

function isBerLength(code: DerErrorCode): boolean {
  return code === "indefinite-length" || code === "length-not-minimal";
}

/** Offsets of the parts of a certificate in its encoding. */
interface Range {
  readonly start: number;
  readonly end: number;
}

class EncodedCertificate implements Certificate {
  readonly der: Uint8Array;
  readonly sha256: string;
  readonly version: 1 | 2 | 3;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly Extension[];
  /** What is read: `der`, or its equivalent with definite and minimal lengths. */
  readonly #encoding: Buffer;
  /** What was odd about the lengths; empty when the encoding is the certificate itself. */
  readonly #rewritten: readonly Anomaly[];
  readonly #tbs: Range;
  readonly #algorithm: Range;
  readonly #signature: Range;
  readonly #serial: Range;
  readonly #issuer: Range;
  readonly #subject: Range;
  readonly #spki: Range;
  #names: readonly [issuer: Name, subject: Name] | undefined;
  #publicKey: PublicKeyInfo | undefined;
  #identifier: AlgorithmIdentifier | undefined;
  #signatureAlgorithm: SignatureAlgorithm | null | undefined;
  #anomalies: readonly Anomaly[] | undefined;

  /** @throws {DerError} */
  constructor(der: Uint8Array, encoding: Buffer, rewritten: readonly Anomaly[]) {
    const walk = new DerWalk(encoding);
    walk.expect(Tag.sequence, "a Certificate", encoding.length);
    const { end } = walk;
    walk.offset = walk.content;
    walk.expect(Tag.sequence, "a TBSCertificate", end);
    const tbs = range(walk);
    const tbsContent = walk.content;
    walk.expect(Tag.sequence, "a signature algorithm", end);
    this.#algorithm = range(walk);
    checkAlgorithm(walk);
    walk.expect(Tag.bitString, "a signature", end);
    checkBitString(walk);
    this.#signature = { start: walk.content + 1, end: walk.end };

    walk.offset = tbsContent;
    this.version = readVersion(walk, tbs.end);
    walk.expect(Tag.integer, "a serial number", tbs.end);
    if (walk.content === walk.end)
      throw new DerError("value-invalid", walk.start, "INTEGER without content");
    this.#serial = { start: walk.content, end: walk.end };
    walk.expect(Tag.sequence, "a signature algorithm", tbs.end);
    checkAlgorithm(walk);
    walk.expect(Tag.sequence, "an issuer", tbs.end);
    this.#issuer = range(walk);
    checkName(encoding, walk.content, walk.end);
    walk.expect(Tag.sequence, "a validity", tbs.end);
    const validityEnd = walk.end;
    walk.offset = walk.content;
    this.notBefore = timeOf(walk, validityEnd);
    this.notAfter = timeOf(walk, validityEnd);
    walk.offset = validityEnd;
    walk.expect(Tag.sequence, "a subject", tbs.end);
    this.#subject = range(walk);
    checkName(encoding, walk.content, walk.end);
    walk.expect(Tag.sequence, "a SubjectPublicKeyInfo", tbs.end);
    this.#spki = range(walk);
    checkKey(walk);
    this.extensions = readTail(walk, tbs.end);

    this.#encoding = encoding;
    this.#rewritten = rewritten;
    this.#tbs = tbs;
    // a certificate is its own element: octets behind it are not part of its identity
    const length = rewritten.length > 0 ? der.length : end;
    this.der = length === der.length ? der : der.subarray(0, length);
    this.sha256 = hash("sha256", this.der, "hex");
  }

  get serialNumber(): string {
    return hex(this.#encoding, this.#serial.start, this.#serial.end);
  }

  get issuer(): Name {
    return this.#bothNames()[0];
  }

  get subject(): Name {
    return this.#bothNames()[1];
  }

  #bothNames(): readonly [issuer: Name, subject: Name] {
    return (this.#names ??= [
      nameAt(this.#encoding, this.#issuer.start, this.#issuer.end),
      nameAt(this.#encoding, this.#subject.start, this.#subject.end),
    ]);
  }

  get spki(): Uint8Array {
    return this.#view(this.#spki);
  }

  get publicKey(): PublicKeyInfo {
    return (this.#publicKey ??= publicKeyInfo(this.spki));
  }

  get tbs(): Uint8Array {
    if (this.#rewritten.length === 0) return this.#view(this.#tbs);
    // what was signed is what was sent, not its rewritten form
    const header = this.der[1] ?? 0;
    const content = header > 0x80 ? 2 + (header & 0x7f) : 2;
    return this.der.subarray(content, content + normaliseBer(this.der.subarray(content)).consumed);
  }

  get signatureIdentifier(): AlgorithmIdentifier {
    return (this.#identifier ??= readLooseIdentifier(
      readElement(this.#encoding, this.#algorithm.start, this.#algorithm.end),
    ));
  }

  get signatureAlgorithm(): SignatureAlgorithm | null {
    if (this.#signatureAlgorithm === undefined)
      this.#signatureAlgorithm = signatureAlgorithmOf(this.signatureIdentifier);
    return this.#signatureAlgorithm;
  }

  get signature(): Uint8Array {
    return this.#view(this.#signature);
  }

  get anomalies(): readonly Anomaly[] {
    return (this.#anomalies ??= [...this.#rewritten, ...findAnomalies(this, this.#encoding)]);
  }

  #view({ start, end }: Range): Uint8Array {
    const { buffer, byteOffset } = this.#encoding;
    return new Uint8Array(buffer, byteOffset + start, end - start);
  }
}

function range({ start, end }: DerWalk): Range {
  return { start, end };
}

/** AlgorithmIdentifier: an object identifier and at most one element of parameters that is understood. */
function checkAlgorithm(walk: DerWalk): void {
  const { end } = walk;
  walk.offset = walk.content;
  walk.expect(Tag.oid, "an algorithm", end);
  checkOid(walk.buffer, walk.start, walk.content, walk.end);
  if (walk.offset < end) walk.next(end);
  walk.offset = end;
}

function checkBitString(walk: DerWalk): void {
  if (walk.content === walk.end || (walk.buffer[walk.content] ?? 8) > 7)
    throw new DerError("value-invalid", walk.start, "BIT STRING with invalid unused-bits octet");
}

function checkKey(walk: DerWalk): void {
  const { end } = walk;
  walk.offset = walk.content;
  walk.expect(Tag.sequence, "an AlgorithmIdentifier", end);
  checkAlgorithm(walk);
  walk.expect(Tag.bitString, "a public key", end);
  checkBitString(walk);
  walk.offset = end;
}

/** Versions that RFC 5280 does not know are read as 3: what follows decides what the certificate may do. */
function readVersion(walk: DerWalk, limit: number): 1 | 2 | 3 {
  if (!walk.sees(Tag.constructed0, limit)) return 1;
  walk.next(limit);
  const { end } = walk;
  walk.offset = walk.content;
  walk.expect(Tag.integer, "a version", end);
  if (walk.content === walk.end)
    throw new DerError("value-invalid", walk.start, "INTEGER without content");
  const number = walk.end - walk.content === 1 ? walk.buffer[walk.content] : undefined;
  walk.offset = end;
  return number === 0 ? 1 : number === 1 ? 2 : 3;
}

function timeOf(walk: DerWalk, limit: number): number {
  walk.next(limit);
  return plainTime(walk.buffer, walk.tag, walk.content, walk.end) ?? readTime(walk.element());
}

/** What follows the key: unique identifiers (RFC 5280 section 4.1.2.8), which nobody uses, and extensions. */
function readTail(walk: DerWalk, limit: number): readonly Extension[] {
  for (const tag of [Tag.context1, Tag.constructed1, Tag.context2, Tag.constructed2])
    if (walk.sees(tag, limit)) walk.next(limit);
  if (!walk.sees(Tag.constructed3, limit)) return [];
  walk.next(limit);
  return readExtensionList(walk);
}

/** Whether issuer and subject carry the same encoded name. */
export function isSelfIssued(certificate: Certificate): boolean {
  return certificate.issuer === certificate.subject
    ? true
    : bytesEqual(certificate.issuer.der, certificate.subject.der);
}

/** Whether two certificates have the same subject public key. */
export function sameKey(a: Certificate, b: Certificate): boolean {
  return bytesEqual(a.spki, b.spki);
}
