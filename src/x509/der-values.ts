import { contentOf, DerError, type Element, Tag } from "./der.ts";

/** BOOLEAN; DER allows 00 and FF only (X.690 section 11.1). @throws {DerError} */
export function readBoolean(element: Element): boolean {
  const content = contentOf(element);
  const value = content[0];
  if (content.length !== 1 || (value !== 0 && value !== 0xff))
    throw new DerError("value-invalid", element.start, "BOOLEAN must be one octet 00 or FF");
  return value === 0xff;
}

/** INTEGER content octets, checked to be minimal (X.690 section 8.3.2). @throws {DerError} */
export function readIntegerBytes(element: Element): Uint8Array {
  const content = contentOf(element);
  const [first, second] = content;
  if (first === undefined)
    throw new DerError("value-invalid", element.start, "INTEGER without content");
  if (
    second !== undefined &&
    ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))
  )
    throw new DerError("value-invalid", element.start, "INTEGER is not minimal");
  return content;
}

/** INTEGER that fits a safe number and is not negative. @throws {DerError} */
export function readSmallInteger(element: Element): number {
  const content = readIntegerBytes(element);
  if ((content[0] ?? 0) >= 0x80)
    throw new DerError("value-invalid", element.start, "INTEGER is negative");
  if (content.length > 6)
    throw new DerError("value-invalid", element.start, "INTEGER is too large");
  return content.reduce((value, octet) => value * 256 + octet, 0);
}

/** A BIT STRING: its octets and how many bits of the last octet are unused. */
export interface BitString {
  readonly bytes: Uint8Array;
  readonly unusedBits: number;
}

/** BIT STRING (X.690 section 8.6). @throws {DerError} */
export function readBitString(element: Element): BitString {
  const content = contentOf(element);
  const unusedBits = content[0];
  if (unusedBits === undefined || unusedBits > 7 || (unusedBits > 0 && content.length === 1))
    throw new DerError("value-invalid", element.start, "BIT STRING with invalid unused-bits octet");
  return { bytes: content.subarray(1), unusedBits };
}

const KNOWN_OIDS = 2048;
const dottedForms = new Map<string, string>();

/** OBJECT IDENTIFIER in dotted form (X.690 section 8.19). @throws {DerError} */
export function readOid(element: Element): string {
  const { buffer, content, end } = element;
  const key = end - content <= 16 ? latin1(buffer.subarray(content, end)) : null;
  const known = key === null ? undefined : dottedForms.get(key);
  if (known !== undefined) return known;
  const dotted = decodeOid(element);
  if (key !== null && dottedForms.size < KNOWN_OIDS) dottedForms.set(key, dotted);
  return dotted;
}

function decodeOid(element: Element): string {
  const content = contentOf(element);
  if (content.length === 0 || content.length > 128)
    throw new DerError("value-invalid", element.start, "OBJECT IDENTIFIER has an invalid length");
  const arcs: number[] = [];
  let value = 0;
  let started = false;
  for (const octet of content) {
    if (!started && octet === 0x80)
      throw new DerError("value-invalid", element.start, "OBJECT IDENTIFIER arc is not minimal");
    if (value > 2 ** 45)
      throw new DerError("value-invalid", element.start, "OBJECT IDENTIFIER arc is too large");
    value = value * 128 + (octet & 0x7f);
    started = octet >= 0x80;
    if (!started) {
      if (arcs.length === 0) {
        const first = value < 40 ? 0 : value < 80 ? 1 : 2;
        arcs.push(first, value - first * 40);
      } else arcs.push(value);
      value = 0;
    }
  }
  if (started)
    throw new DerError("value-invalid", element.start, "OBJECT IDENTIFIER ends inside an arc");
  return arcs.join(".");
}

const UTC_TIME = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{4})$/;
const GENERALIZED_TIME =
  /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:[.,](\d{1,9}))?(Z|[+-]\d{4})$/;

/**
 * UTCTime or GeneralizedTime as milliseconds since 1970 (RFC 5280 section 4.1.2.5: two-digit years 50–99 are 19xx).
 *
 * Accepts what deployed clients accept: missing seconds, offsets, fractions.
 * @throws {DerError}
 */
export function readTime(element: Element): number {
  const text = latin1(contentOf(element));
  const plain = readPlainTime(element.tag, text);
  if (plain !== null) return plain;
  const invalid = (): DerError =>
    new DerError("value-invalid", element.start, "Time is not a UTCTime or GeneralizedTime");
  let year: number;
  let parts: (string | undefined)[];
  let fraction = 0;
  if (element.tag === Tag.utcTime) {
    const match = UTC_TIME.exec(text);
    if (match === null) throw invalid();
    year = Number(match[1]);
    year += year < 50 ? 2000 : 1900;
    parts = match.slice(2, 8);
  } else if (element.tag === Tag.generalizedTime) {
    const match = GENERALIZED_TIME.exec(text);
    if (match === null) throw invalid();
    year = Number(match[1]);
    parts = [...match.slice(2, 7), match[8]];
    if (match[7] !== undefined) fraction = Math.floor(Number(`0.${match[7]}`) * 1000);
  } else throw invalid();
  const [month, day, hour, minute, second] = parts.slice(0, 5).map((part) => Number(part ?? 0));
  const zone = parts[5] ?? "Z";
  const time = new Date(0);
  time.setUTCFullYear(year, (month ?? 0) - 1, day ?? 0);
  time.setUTCHours(hour ?? 0, minute ?? 0, second ?? 0, fraction);
  if (
    time.getUTCMonth() !== (month ?? 0) - 1 ||
    time.getUTCDate() !== day ||
    (hour ?? 0) > 23 ||
    (minute ?? 0) > 59 ||
    (second ?? 0) > 59
  )
    throw invalid();
  return time.getTime() - zoneOffset(zone);
}

/** The form that RFC 5280 prescribes, with seconds and Z, without the cost of patterns; null for any other. */
function readPlainTime(tag: number, text: string): number | null {
  const digits = tag === Tag.utcTime ? 12 : 14;
  if (text.length !== digits + 1 || text.charCodeAt(digits) !== 0x5a) return null;
  const pair = (at: number): number => {
    const tens = text.charCodeAt(at) - 0x30;
    const ones = text.charCodeAt(at + 1) - 0x30;
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? Number.NaN : tens * 10 + ones;
  };
  const rest = digits - 10;
  const year =
    tag === Tag.utcTime ? pair(0) + (pair(0) < 50 ? 2000 : 1900) : pair(0) * 100 + pair(2);
  const [month, day, hour] = [pair(rest), pair(rest + 2), pair(rest + 4)];
  const [minute, second] = [pair(rest + 6), pair(rest + 8)];
  if (!(year >= 1000 && hour <= 23 && minute <= 59 && second <= 59)) return null;
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(time);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? time : null;
}

function zoneOffset(zone: string): number {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

/** Bytes as ISO 8859-1 text. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Bytes as UTF-8 text; what is not UTF-8 becomes U+FFFD. */
export function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

/** Bytes as lower-case hexadecimal text. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/** Whether two byte strings are the same. */
export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
