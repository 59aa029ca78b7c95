import type { Anomaly } from "./anomaly.ts";
import { extensionAnomalies } from "./anomalies-extensions.ts";
import { nameAnomalies } from "./anomalies-names.ts";
import { checkEnd, type Note } from "./anomaly-note.ts";
import type { Certificate } from "./certificate.ts";
import { bytesEqual, latin1, oidText } from "./der-values.ts";
import { DerError, DerReader, DerWalk, type Element, inside, Tag } from "./der.ts";

/**
 * What a certificate that can be read should not contain, in encoded order (RFC 5280 section 4.1, X.690 section 11).
 * @param encoding the certificate with definite, minimal lengths, and whatever stands behind it
 */
export function findAnomalies(certificate: Certificate, encoding: Uint8Array): readonly Anomaly[] {
  const found: Anomaly[] = [];
  const note: Note = (code, offset) => found.push({ code, offset });
  const whole = new DerReader(encoding);
  const outer = inside(whole.next());
  const tbs = outer.next();
  const algorithm = outer.next();
  const signature = outer.next();
  readTbs(inside(tbs), certificate, algorithm, note);
  checkIdentifier(algorithm, note);
  checkBits(signature, note);
  checkEnd(outer, note);
  checkEnd(whole, note);
  return found.toSorted((a, b) => a.offset - b.offset);
}

function readTbs(
  reader: DerReader,
  certificate: Certificate,
  outerAlgorithm: Element,
  note: Note,
): void {
  const wrapped = reader.optional(Tag.constructed0);
  if (wrapped !== undefined) checkVersion(wrapped, note);
  checkSerial(reader.next(), note);
  const algorithm = reader.next();
  if (!sameBytes(algorithm, outerAlgorithm)) note("signature-algorithm-mismatch", algorithm.start);
  checkIdentifier(algorithm, note);
  const issuer = reader.next();
  if (issuer.content === issuer.end) note("empty-issuer", issuer.start);
  nameAnomalies(issuer, note);
  const validity = reader.next();
  checkValidity(validity, note);
  if (certificate.notAfter < certificate.notBefore) note("validity-inverted", validity.start);
  nameAnomalies(reader.next(), note);
  checkKey(reader.next(), note);
  for (const tags of [
    [Tag.context1, Tag.constructed1],
    [Tag.context2, Tag.constructed2],
  ]) {
    const at = reader.offset;
    if (tags.some((tag) => reader.optional(tag) !== undefined)) note("unique-identifier", at);
  }
  const extensions = reader.optional(Tag.constructed3);
  if (extensions !== undefined) {
    if (certificate.version < 3) note("extensions-before-version-3", extensions.start);
    extensionAnomalies(extensions, certificate, note);
  }
  checkEnd(reader, note);
}

function sameBytes(a: Element, b: Element): boolean {
  return bytesEqual(a.buffer.subarray(a.content, a.end), b.buffer.subarray(b.content, b.end));
}

function checkVersion(wrapped: Element, note: Note): void {
  const reader = inside(wrapped);
  const number = reader.next();
  checkMinimal(number, note);
  const isOneOctet = number.end - number.content === 1;
  const value = isOneOctet ? (number.buffer[number.content] ?? 0xff) : 0xff;
  if (value === 0) note("default-encoded", wrapped.start);
  if (value > 2) note("version-unknown", number.start);
  checkEnd(reader, note);
}

function checkMinimal({ buffer, start, content, end }: Element, note: Note): void {
  if (end - content < 2) return;
  const first = buffer[content] ?? 0;
  const second = buffer[content + 1] ?? 0;
  if ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))
    note("integer-not-minimal", start);
}

function checkSerial(serial: Element, note: Note): void {
  const { buffer, start, content, end } = serial;
  checkMinimal(serial, note);
  if ((buffer[content] ?? 0) >= 0x80) note("serial-negative", start);
  let at = content;
  while (at < end && buffer[at] === 0) at++;
  if (at === end) note("serial-zero", start);
  if (end - content > 20) note("serial-too-long", start);
}

/** Algorithms whose parameters are NULL: RSA with PKCS#1 v1.5 padding and RSA keys (RFC 4055 sections 1.2 and 5). */
const NULL_PARAMETERS = /^1\.2\.840\.113549\.1\.1\.([1-5]|1[1-6])$/;
/** Algorithms without parameters: ECDSA (RFC 5758 section 3.2), EdDSA (RFC 8410 section 3), ML-DSA (RFC 9881). */
const NO_PARAMETERS =
  /^(1\.2\.840\.10045\.4\.(1|3\.[1-4])|1\.3\.101\.11[0-3]|2\.16\.840\.1\.101\.3\.4\.3\.(9|1[0-2]|1[7-9]))$/;

function checkIdentifier(element: Element, note: Note): void {
  const reader = inside(element);
  const { buffer, start, content, end } = reader.next();
  const oid = oidText(buffer, start, content, end);
  const parameters = reader.done ? undefined : reader.next();
  const isNull =
    parameters !== undefined &&
    parameters.tag === Tag.null &&
    parameters.content === parameters.end;
  if (NULL_PARAMETERS.test(oid) ? !isNull : NO_PARAMETERS.test(oid) && parameters !== undefined)
    note("algorithm-parameters", element.start);
  checkEnd(reader, note);
}

/** Notes padding bits that are set, and padding without octets. */
function checkBits({ buffer, start, content, end }: Element, note: Note): void {
  const unused = buffer[content] ?? 0;
  if (unused === 0) return;
  if (end - content === 1 || ((buffer[end - 1] ?? 0) & (2 ** unused - 1)) !== 0)
    note("bit-string-padding", start);
}

function checkValidity(validity: Element, note: Note): void {
  const reader = inside(validity);
  checkTime(reader.next(), note);
  checkTime(reader.next(), note);
  checkEnd(reader, note);
}

function checkTime({ buffer, tag, start, content, end }: Element, note: Note): void {
  const text = latin1(buffer, content, end);
  const yearDigits = tag === Tag.utcTime ? 2 : 4;
  const digits = /^\d*/.exec(text)?.[0].length ?? 0;
  if (digits === yearDigits + 8) note("time-without-seconds", start);
  if (/[.,]/.test(text)) note("time-fraction", start);
  if (!text.endsWith("Z")) note("time-offset", start);
  if (tag === Tag.generalizedTime && text < "2050") note("time-choice", start);
}

function checkKey(spki: Element, note: Note): void {
  const reader = inside(spki);
  const algorithm = reader.next();
  const key = reader.next();
  checkIdentifier(algorithm, note);
  checkBits(key, note);
  checkEnd(reader, note);
  const identifier = inside(algorithm);
  const { buffer, start, content, end } = identifier.next();
  const oid = oidText(buffer, start, content, end);
  if (oid === "1.2.840.113549.1.1.1") checkRsaKey(key, note);
  if (oid === "1.2.840.10045.2.1") checkEcKey(key, identifier, note);
}

function checkRsaKey(key: Element, note: Note): void {
  try {
    const walk = new DerWalk(key.buffer, key.content + 1);
    walk.expect(Tag.sequence, "an RSAPublicKey", key.end);
    const { end } = walk;
    if (end < key.end) note("trailing-bytes", end);
    walk.offset = walk.content;
    walk.expect(Tag.integer, "a modulus", end);
    checkMinimal(walk.element(), note);
    if (isNotPositive(walk)) note("key-malformed", walk.start);
    walk.expect(Tag.integer, "an exponent", end);
    checkMinimal(walk.element(), note);
    if (isOddExponent(walk)) note("rsa-exponent", walk.start);
    if (walk.offset < end) note("trailing-bytes", walk.offset);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    note("key-malformed", key.start);
  }
}

function isNotPositive({ buffer, content, end }: DerWalk): boolean {
  return (
    content === end ||
    (buffer[content] ?? 0) >= 0x80 ||
    (end - content === 1 && buffer[content] === 0)
  );
}

function isOddExponent(walk: DerWalk): boolean {
  const { buffer, content, end } = walk;
  const last = buffer[end - 1] ?? 0;
  const isOne = end - content === 1 && last === 1;
  return isNotPositive(walk) || last % 2 === 0 || isOne || end - content > 8;
}

/** Octets of a coordinate on the curves that certificates use, by identifier. */
const COORDINATE_OCTETS: ReadonlyMap<string, number> = new Map([
  ["1.3.132.0.33", 28],
  ["1.2.840.10045.3.1.7", 32],
  ["1.3.132.0.10", 32],
  ["1.3.132.0.34", 48],
  ["1.3.132.0.35", 66],
  ["1.3.36.3.3.2.8.1.1.7", 32],
  ["1.3.36.3.3.2.8.1.1.11", 48],
  ["1.3.36.3.3.2.8.1.1.13", 64],
]);

function checkEcKey(key: Element, identifier: DerReader, note: Note): void {
  const form = key.buffer[key.content + 1];
  const octets = key.end - key.content - 1;
  const parameters = identifier.done ? undefined : identifier.next();
  if (parameters?.tag !== Tag.oid) return note("algorithm-parameters", key.start);
  const { buffer, start, content, end } = parameters;
  let curve: string;
  try {
    curve = oidText(buffer, start, content, end);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return note("key-malformed", start);
  }
  const coordinate = COORDINATE_OCTETS.get(curve);
  const fits = coordinate === undefined || octets === 1 + 2 * coordinate;
  if (form !== 4 || !fits) note("ec-point", key.start);
}
