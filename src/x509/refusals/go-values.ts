import { latin1 } from "../der-values.ts";
import { Tag } from "../der.ts";

/** What crypto/x509 would say; never leaves the folder. */
export class GoComplaint extends Error {}

/** An element as cryptobyte reads it: strict about lengths and tags, silent about why. */
export interface GoElement {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Header included. */
  readonly whole: Uint8Array;
}

/** cryptobyte.String: octets that are read from the front; null where the Go function answers false. */
export class GoString {
  readonly bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get isEmpty(): boolean {
    return this.#at >= this.bytes.length;
  }

  sees(tag: number): boolean {
    return this.bytes[this.#at] === tag;
  }

  /** ReadAnyASN1. */
  any(): GoElement | null {
    const { bytes } = this;
    const at = this.#at;
    const tag = bytes[at];
    const first = bytes[at + 1];
    if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return null;
    let header = 2;
    let length = first;
    if (first >= 0x80) {
      const octets = first & 0x7f;
      if (octets === 0 || octets > 4 || at + 2 + octets > bytes.length) return null;
      length = 0;
      for (let i = 0; i < octets; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0);
      if (length < 0x80 || length < 256 ** (octets - 1)) return null;
      header += octets;
    }
    const end = at + header + length;
    if (end > bytes.length) return null;
    this.#at = end;
    return { tag, content: bytes.subarray(at + header, end), whole: bytes.subarray(at, end) };
  }

  /** ReadASN1; moves on even when the tag is another one, as Go does. */
  read(tag: number): Uint8Array | null {
    const element = this.any();
    return element?.tag === tag ? element.content : null;
  }

  /** As read(), with the text of the error that ends the parsing. @throws {GoComplaint} */
  expect(tag: number, complaint: string): GoString {
    const content = this.read(tag);
    if (content === null) throw new GoComplaint(complaint);
    return new GoString(content);
  }
}

/** checkASN1Integer: not empty, minimal. */
export function goInteger(content: Uint8Array | null): Uint8Array | null {
  if (content === null || content.length === 0) return null;
  const [first = 0, second] = content;
  if (second === undefined) return content;
  const isPadded = (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);
  return isPadded ? null : content;
}

/** ReadASN1Integer into an int: at most eight octets. */
export function goSmallInteger(content: Uint8Array | null): bigint | null {
  const octets = goInteger(content);
  return octets === null || octets.length > 8 ? null : signed(octets);
}

/** The number that the octets of an INTEGER stand for. */
export function signed(octets: Uint8Array): bigint {
  return BigInt.asIntN(octets.length * 8, BigInt(`0x${Buffer.from(octets).toString("hex")}`));
}

/** ReadASN1ObjectIdentifier in dotted form: arcs of at most 31 bits in five octets, padding allowed (Go 1.19). */
export function goOid(content: Uint8Array | null): string | null {
  if (content === null || content.length === 0) return null;
  const arcs: number[] = [];
  let value = 0;
  let octets = 0;
  for (const octet of content) {
    if (octets === 5 || value >= 2 ** 24) return null;
    value = value * 128 + (octet & 0x7f);
    octets++;
    if (octet >= 0x80) continue;
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(value / 40));
      arcs.push(first, value - first * 40);
    } else arcs.push(value);
    value = 0;
    octets = 0;
  }
  return octets > 0 ? null : arcs.join(".");
}

/** ReadASN1BitString and RightAlign: padding bits must be zero, and are shifted out. */
export function goBits(content: Uint8Array | null): Uint8Array | null {
  const unused = content?.[0];
  if (content === null || unused === undefined || unused > 7) return null;
  const octets = content.subarray(1);
  if (octets.length === 0) return unused === 0 ? octets : null;
  if (((octets.at(-1) ?? 0) & (2 ** unused - 1)) !== 0) return null;
  if (unused === 0) return octets;
  return octets.map((octet, at) => ((octets[at - 1] ?? 0) << (8 - unused)) | (octet >> unused));
}

const PRINTABLE = /^[A-Za-z0-9'()+,\-./ :=?*&]*$/;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** parseASN1String: the complaint about an attribute value; null when it reads. */
export function goStringComplaint({ tag, content }: GoElement): string | null {
  const text = latin1(content);
  switch (tag) {
    case Tag.teletexString:
      return null;
    case Tag.printableString:
      return PRINTABLE.test(text) ? null : "invalid PrintableString";
    case Tag.utf8String:
      try {
        utf8.decode(content);
        return null;
      } catch {
        return "invalid UTF-8 string";
      }
    case Tag.bmpString:
      return content.length % 2 === 0 ? null : "invalid BMPString";
    case Tag.ia5String:
      return isAscii(content) ? null : "invalid IA5String";
    case Tag.numericString:
      return /^[0-9 ]*$/.test(text) ? null : "invalid NumericString";
    default:
      return `unsupported string type: ${tag}`;
  }
}

/** Whether every octet is of ASCII. */
export function isAscii(octets: Uint8Array): boolean {
  return octets.every((octet) => octet < 0x80);
}

const UTC = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{4})$/;
const GENERALIZED = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(Z|[+-]\d{4})$/;

/** Whether ReadASN1UTCTime or ReadASN1GeneralizedTime reads a time: what Go would write again for it. */
export function isGoTime({ tag, content }: GoElement): boolean {
  const match = (tag === Tag.utcTime ? UTC : GENERALIZED).exec(latin1(content));
  if (match === null) return false;
  const [, years = "", month, day, hour, minute, second = "0", zone = "Z"] = match;
  // time.Parse takes two-digit years from 69 on as 19xx
  const two = Number(years);
  const year = tag === Tag.utcTime ? two + (two >= 69 ? 1900 : 2000) : two;
  const date = new Date(0);
  date.setUTCFullYear(year, Number(month) - 1, Number(day));
  const isDay = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  const isClock = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  return isDay && isClock && isGoZone(zone);
}

/** An offset of zero would be written as Z again. */
function isGoZone(zone: string): boolean {
  if (zone === "Z") return true;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3))];
  return (hours > 0 || minutes > 0) && hours <= 24 && minutes < 60;
}
