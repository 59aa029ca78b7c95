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

/** The arcs id-at (2.5.4) and id-ce (2.5.29), which name nearly every attribute and extension: no decoding at all. */
const shortForms = [0x04, 0x1d].map((arc) =>
  Array.from({ length: 0x80 }, (_, last) => `2.5.${arc}.${last}`),
);

/** OBJECT IDENTIFIER in dotted form (X.690 section 8.19). @throws {DerError} */
export function readOid({ buffer, start, content, end }: Element): string {
  return oidText(buffer, start, content, end);
}

/**
 * The dotted form of the OBJECT IDENTIFIER whose element begins at `start`.
 * @throws {DerError} with the offset `start`
 */
export function oidText(buffer: Uint8Array, start: number, content: number, end: number): string {
  if (end - content === 3 && buffer[content] === 0x55) {
    const arc = buffer[content + 1];
    const forms = arc === 0x04 ? shortForms[0] : arc === 0x1d ? shortForms[1] : undefined;
    const text = forms?.[buffer[content + 2] ?? 0x80];
    if (text !== undefined) return text;
  }
  const key = end - content <= 16 ? latin1(buffer, content, end) : null;
  const known = key === null ? undefined : dottedForms.get(key);
  if (known !== undefined) return known;
  checkOid(buffer, start, content, end);
  const dotted = decodeOid(buffer, content, end);
  if (key !== null && dottedForms.size < KNOWN_OIDS) dottedForms.set(key, dotted);
  return dotted;
}

/** Fails unless the octets are whole arcs, each without padding. @throws {DerError} with the offset `start` */
export function checkOid(buffer: Uint8Array, start: number, content: number, end: number): void {
  if (end === content || end - content > 128)
    throw new DerError("value-invalid", start, "OBJECT IDENTIFIER has an invalid length");
  let open = false;
  for (let at = content; at < end; at++) {
    const octet = buffer[at] ?? 0;
    if (!open && octet === 0x80)
      throw new DerError("value-invalid", start, "OBJECT IDENTIFIER arc is not minimal");
    open = octet >= 0x80;
  }
  if (open) throw new DerError("value-invalid", start, "OBJECT IDENTIFIER ends inside an arc");
}

function decodeOid(buffer: Uint8Array, content: number, end: number): string {
  const arcs: bigint[] = [];
  let value = 0n;
  for (let at = content; at < end; at++) {
    const octet = buffer[at] ?? 0;
    value = value * 128n + BigInt(octet & 0x7f);
    if (octet >= 0x80) continue;
    if (arcs.length === 0) {
      const first = value < 40n ? 0n : value < 80n ? 1n : 2n;
      arcs.push(first, value - first * 40n);
    } else arcs.push(value);
    value = 0n;
  }
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
  const plain = plainTime(element.buffer, element.tag, element.content, element.end);
  return plain ?? readOddTime(element);
}

function readOddTime(element: Element): number {
  const text = latin1(element.buffer, element.content, element.end);
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

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/**
 * Milliseconds since 1970 of the form that RFC 5280 prescribes, with seconds and Z; null for any other, and for
 * octets that are no time.
 */
export function plainTime(
  buffer: Uint8Array,
  tag: number,
  content: number,
  end: number,
): number | null {
  const digits = tag === Tag.utcTime ? 12 : tag === Tag.generalizedTime ? 14 : -1;
  if (end - content !== digits + 1 || buffer[end - 1] !== 0x5a) return null;
  const pair = (at: number): number => {
    const tens = (buffer[at] ?? 0) - 0x30;
    const ones = (buffer[at + 1] ?? 0) - 0x30;
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? Number.NaN : tens * 10 + ones;
  };
  const rest = end - 11;
  const first = pair(content);
  const year =
    tag === Tag.utcTime ? first + (first < 50 ? 2000 : 1900) : first * 100 + pair(content + 2);
  const month = pair(rest);
  const day = pair(rest + 2);
  const hour = pair(rest + 4);
  const minute = pair(rest + 6);
  const second = pair(rest + 8);
  if (!(year >= 1000 && hour <= 23 && minute <= 59 && second <= 59 && day >= 1)) return null;
  if (!(day <= (DAYS[month - 1] ?? 0))) return null;
  const isLeapDay = month === 2 && day === 29;
  if (isLeapDay && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0))) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function zoneOffset(zone: string): number {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

/** The octets of a range as a Buffer: the same memory, and the fastest way to text. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes as ISO 8859-1 text. */
export function latin1(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  return bufferOf(bytes).toString("latin1", start, end);
}

/** Bytes as UTF-8 text; what is not UTF-8 becomes U+FFFD. */
export function utf8(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  return bufferOf(bytes).toString("utf8", start, end);
}

/** Bytes as lower-case hexadecimal text. */
export function hex(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  return bufferOf(bytes).toString("hex", start, end);
}

/** Whether two byte strings are the same. */
export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
