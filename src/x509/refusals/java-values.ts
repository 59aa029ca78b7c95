import { hex, oidText } from "../der-values.ts";
import { Tag } from "../der.ts";
import { lengthOctets, resolveLengths } from "./java-ber.ts";
import { JavaException } from "./java-exception.ts";

/** Release whose behaviour is asked for; others behave like the nearest. */
export type JavaRelease = "17" | "25";

/**
 * DerValue and DerInputStream of sun.security.util as they read a certificate, that is with BER allowed: lengths need
 * not be minimal, constructed elements may have indefinite lengths.
 */
export class JavaValue {
  readonly tag: number;
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly release: JavaRelease;
  /** Where the next inner value begins. */
  #at: number;

  constructor(
    tag: number,
    range: { readonly buffer: Uint8Array; readonly start: number; readonly end: number },
    release: JavaRelease,
  ) {
    this.tag = tag;
    this.buffer = range.buffer;
    this.start = range.start;
    this.end = range.end;
    this.release = release;
    this.#at = range.start;
  }

  /** A whole buffer as one value, `new DerValue(byte[])`. @throws {JavaException} */
  static of(buffer: Uint8Array, release: JavaRelease): JavaValue {
    const { value, next } = readValue(buffer, 0, buffer.length, release);
    if (next < value.buffer.length) throw new JavaException("extra data at the end");
    return value;
  }

  /** Octets as the content of a value of their own. */
  static content(tag: number, octets: Uint8Array, release: JavaRelease): JavaValue {
    return new JavaValue(tag, { buffer: octets, start: 0, end: octets.length }, release);
  }

  /** The same content as a value of another tag, as resetTag() does for implicit tags. */
  as(tag: number): JavaValue {
    return new JavaValue(tag, this, this.release);
  }

  /** The same value in a buffer of its own, as toByteArray() and a new DerInputStream give it. */
  copied(): JavaValue {
    const header = [this.tag, ...lengthOctets(this.length)];
    const buffer = Buffer.concat([Uint8Array.from(header), this.octets]);
    const range = { buffer, start: header.length, end: buffer.length };
    return new JavaValue(this.tag, range, this.release);
  }

  /** Octets that are left to read. */
  get available(): number {
    return this.end - this.#at;
  }

  get length(): number {
    return this.end - this.start;
  }

  get octets(): Uint8Array {
    return this.buffer.subarray(this.start, this.end);
  }

  /** The octets that were not read. */
  get rest(): Uint8Array {
    return this.buffer.subarray(this.#at, this.end);
  }

  /** The tag as Java prints it: a signed byte. */
  get printedTag(): number {
    return (this.tag << 24) >> 24;
  }

  get isConstructed(): boolean {
    return (this.tag & 0x20) !== 0;
  }

  isContext(number: number): boolean {
    return (this.tag & 0xc0) === 0x80 && (this.tag & 0x1f) === number;
  }

  /** The next inner value. @throws {JavaException} */
  next(): JavaValue {
    const { value, next } = readValue(this.buffer, this.#at, this.end, this.release);
    if (value.buffer === this.buffer) this.#at = next;
    else {
      // an indefinite length is rewritten together with what follows it; 17 then counts from the end of the buffer
      const end = this.release === "17" ? this.buffer.length : this.end;
      this.#at = end - (value.buffer.length - next);
    }
    return value;
  }

  /** Every inner value, when the tag is as expected. @throws {JavaException} */
  all(tag: number): readonly JavaValue[] {
    if (this.tag !== tag) throw new JavaException("Not the correct tag");
    const values: JavaValue[] = [];
    const copy = this.as(this.tag);
    while (copy.available > 0) values.push(copy.next());
    return values;
  }
}

function readValue(
  buffer: Uint8Array,
  offset: number,
  limit: number,
  release: JavaRelease,
): { value: JavaValue; next: number } {
  const room = limit - offset;
  if (room < 2) throw new JavaException("Too short");
  const tag = buffer[offset] ?? 0;
  if ((tag & 0x1f) === 0x1f)
    throw new JavaException(`Tag number over 30 at ${offset} is not supported`);
  const first = buffer[offset + 1] ?? 0;
  if (first === 0x80) {
    if ((tag & 0x20) === 0)
      throw new JavaException("Indefinite length encoding not supported with non-constructed data");
    return readValue(...resolveLengths(buffer.subarray(offset, limit)), release);
  }
  let at = offset + 2;
  let length = first;
  if (first > 0x80) {
    const octets = first & 0x7f;
    if (octets > 4) throw new JavaException("Invalid lenByte");
    if (room < 2 + octets) throw new JavaException("Not enough length bytes");
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + (buffer[at + i] ?? 0);
    if (length > 0x7fff_ffff) throw new JavaException("Invalid length bytes");
    at += octets;
  }
  if (at + length > limit)
    throw new JavaException("not enough content", { type: "java.io.EOFException" });
  const end = at + length;
  return { value: new JavaValue(tag, { buffer, start: at, end }, release), next: end };
}

/** getOID(): the content octets, checked. @throws {JavaException} */
export function javaOid(value: JavaValue): Uint8Array {
  if (value.tag !== Tag.oid)
    throw new JavaException(`DerValue.getOID, not an OID ${value.printedTag}`);
  const { octets } = value;
  const complain = (text: string): JavaException =>
    new JavaException(`ObjectIdentifier() -- Invalid DER encoding, ${text}`);
  if (octets.length > 4096)
    throw new JavaException(
      `ObjectIdentifier encoded length exceeds the restriction in JDK (OId length(>=): ${octets.length}, Restriction: 4096)`,
    );
  if (octets.length === 0 || (octets.at(-1) ?? 0) >= 0x80) throw complain("not ended");
  octets.forEach((octet, at) => {
    if (octet === 0x80 && (at === 0 || (octets[at - 1] ?? 0) < 0x80))
      throw complain("useless extra octet detected");
  });
  return octets;
}

/** getOID() in dotted form; beyond the length that anything is known by, in hexadecimal. @throws {JavaException} */
export function javaOidText(value: JavaValue): string {
  const octets = javaOid(value);
  return octets.length > 128 ? hex(octets) : oidText(octets, 0, 0, octets.length);
}

/** getBigInteger() as the octets of the number. @throws {JavaException} */
export function javaInteger(value: JavaValue): Uint8Array {
  if (value.tag !== Tag.integer)
    throw new JavaException(`DerValue.getBigIntegerInternal, not expected ${value.printedTag}`);
  if (value.length === 0) throw new JavaException("Invalid encoding: zero length Int value");
  return value.octets;
}

/** getInteger(): a number of 32 bits. @throws {JavaException} */
export function javaSmallInteger(value: JavaValue): number {
  const octets = javaInteger(value);
  let number = BigInt.asIntN(8, BigInt(octets[0] ?? 0));
  for (const octet of octets.subarray(1, 16)) number = number * 256n + BigInt(octet);
  if (octets.length > 16) number *= 2n ** 64n;
  if (number < -0x8000_0000n) throw new JavaException("Integer below minimum valid value");
  if (number > 0x7fff_ffffn) throw new JavaException("Integer exceeds maximum valid value");
  return Number(number);
}

/** getUnalignedBitString(): the octets without the count of unused bits. @throws {JavaException} */
export function javaBits(value: JavaValue, implicit = false): Uint8Array {
  if (!implicit && value.tag !== Tag.bitString)
    throw new JavaException(`DerValue.getBitString, not a bit string ${value.printedTag}`);
  if (value.length === 0) throw new JavaException("Invalid encoding: zero length bit string");
  const unused = value.buffer[value.start] ?? 0;
  if (unused > 7) throw new JavaException("Invalid number of padding bits");
  if (value.length === 1 && unused > 0) throw new JavaException("Not enough bytes in BitString");
  return value.octets.subarray(1);
}

/** Deeper nesting would end in a StackOverflowError; nobody nests strings at all. */
const MAX_DEPTH = 512;

/** getOctetString(), constructed ones put together. @throws {JavaException} */
export function javaOctets(value: JavaValue, depth = 0): Uint8Array {
  // isConstructed(tag) looks at the number alone, so that [4] counts as well
  const isConstructed = value.isConstructed && (value.tag & 0x1f) === Tag.octetString;
  if (value.tag !== Tag.octetString && !isConstructed)
    throw new JavaException(`DerValue.getOctetString, not an Octet String: ${value.printedTag}`);
  if (value.tag === Tag.octetString || value.length === 0) return value.octets;
  if (depth > MAX_DEPTH) throw new JavaException("Nesting sequence depth limit reached.");
  const parts: Uint8Array[] = [];
  const copy = value.as(value.tag);
  while (copy.available > 0) parts.push(javaOctets(copy.next(), depth + 1));
  return Buffer.concat(parts);
}

/** getBoolean(). @throws {JavaException} */
export function javaBoolean(value: JavaValue): boolean {
  if (value.length !== 1)
    throw new JavaException(`DerValue.getBoolean, invalid length ${value.length}`);
  return value.buffer[value.start] !== 0;
}
