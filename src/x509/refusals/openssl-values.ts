import { Tag } from "../der.ts";

/** The reason that OpenSSL's error queue begins with; never leaves the folder. */
export class OpenSslComplaint extends Error {}

const fail = (text: string): never => {
  throw new OpenSslComplaint(text);
};

/** What ASN1_get_object finds: BER, with indefinite lengths and padded ones. */
export interface OpenSslHeader {
  /** Class bits of the identifier: 0 universal, 0x80 context. */
  readonly tagClass: number;
  readonly number: number;
  readonly isConstructed: boolean;
  /** Where the content begins. */
  readonly content: number;
  /** Where the element must end; where its surroundings end when the length is indefinite. */
  readonly end: number;
  readonly isIndefinite: boolean;
}

/** A position in the octets that are read. */
export interface OpenSslCursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** ASN1_get_object and asn1_check_tlen without an expected tag. @throws {OpenSslComplaint} */
export function readHeader(cursor: OpenSslCursor, limit: number): OpenSslHeader {
  const { bytes, at: start } = cursor;
  const tooLong = "header too long";
  if (start >= limit) fail("too small");
  const first = bytes[start] ?? 0;
  let at = start + 1;
  let number = first & 0x1f;
  if (number === 0x1f) {
    number = 0;
    for (;;) {
      if (at >= limit) fail(tooLong);
      const octet = bytes[at++] ?? 0;
      number = number * 128 + (octet & 0x7f);
      if (octet < 0x80) break;
      if (number > 0x7fff_ffff / 128) fail(tooLong);
    }
  }
  if (at >= limit) fail(tooLong);
  const isConstructed = (first & 0x20) !== 0;
  const tagClass = first & 0xc0;
  const lengthOctet = bytes[at++] ?? 0;
  if (lengthOctet === 0x80) {
    if (!isConstructed) fail(tooLong);
    return { tagClass, number, isConstructed, content: at, end: limit, isIndefinite: true };
  }
  let length = lengthOctet;
  if (lengthOctet > 0x80) {
    let octets = lengthOctet & 0x7f;
    if (limit - at < octets + 1) fail(tooLong);
    while (octets > 0 && bytes[at] === 0) {
      at++;
      octets--;
    }
    if (octets > 8) fail(tooLong);
    length = 0;
    for (; octets > 0; octets--) length = length * 256 + (bytes[at++] ?? 0);
    if (length >= 2 ** 63) fail(tooLong);
  }
  if (length > limit - at) fail("too long");
  const end = at + length;
  return { tagClass, number, isConstructed, content: at, end, isIndefinite: false };
}

/** asn1_check_eoc: steps over end-of-contents octets. */
export function skipEndOfContents(cursor: OpenSslCursor, limit: number): boolean {
  const { bytes, at } = cursor;
  if (limit - at < 2 || bytes[at] !== 0 || bytes[at + 1] !== 0) return false;
  cursor.at += 2;
  return true;
}

/** What a field may be. */
export interface OpenSslField {
  /** Class bits and number that the header must have; universal SEQUENCE is [0, 16]. */
  readonly tag: readonly [tagClass: number, number: number];
  readonly optional?: boolean;
}

/** The header of an element of an expected tag; null when it is another one and the field optional. */
export function expectTag(
  cursor: OpenSslCursor,
  limit: number,
  { tag, optional = false }: OpenSslField,
): OpenSslHeader | null {
  const header = readHeader(cursor, limit);
  if (header.tagClass !== tag[0] || header.number !== tag[1])
    return optional ? null : fail("wrong tag");
  cursor.at = header.content;
  return header;
}

const STRING_NEST = 5;

/** asn1_collect: puts the pieces of a constructed string together and steps over it. */
function collect(
  cursor: OpenSslCursor,
  limit: number,
  isIndefinite: boolean,
  depth = 0,
): Uint8Array {
  const pieces: Uint8Array[] = [];
  let open = isIndefinite;
  while (cursor.at < limit) {
    if (skipEndOfContents(cursor, limit)) {
      if (!open) fail("unexpected eoc");
      open = false;
      break;
    }
    const header = readHeader(cursor, limit);
    cursor.at = header.content;
    if (header.isConstructed) {
      if (depth >= STRING_NEST) fail("nested asn1 string");
      pieces.push(collect(cursor, header.end, header.isIndefinite, depth + 1));
    } else {
      pieces.push(cursor.bytes.subarray(header.content, header.end));
      cursor.at = header.end;
    }
  }
  if (open) fail("missing eoc");
  return Buffer.concat(pieces);
}

/** asn1_find_end: steps over an element of indefinite length. */
function findEnd(cursor: OpenSslCursor, limit: number): void {
  let expected = 1;
  while (cursor.at < limit) {
    if (skipEndOfContents(cursor, limit)) {
      if (--expected === 0) return;
      continue;
    }
    const header = readHeader(cursor, limit);
    if (header.isIndefinite) {
      expected++;
      cursor.at = header.content;
    } else cursor.at = header.end;
  }
  fail("missing eoc");
}

const UNCONSTRUCTED: ReadonlySet<number> = new Set([1, 2, 5, 6, 10]);

/**
 * asn1_d2i_ex_primitive: an element of one universal type, whatever its tag says when it is implicit.
 * @param type universal number; null for ANY
 * @returns the content; null when the field is absent
 * @throws {OpenSslComplaint}
 */
export function readPrimitive(
  cursor: OpenSslCursor,
  limit: number,
  type: number | null,
  field: OpenSslField | null = null,
): { readonly type: number | null; readonly content: Uint8Array } | null {
  const start = cursor.at;
  let kind = type;
  let header: OpenSslHeader | null;
  if (kind === null) {
    header = readHeader(cursor, limit);
    cursor.at = header.content;
    if (header.tagClass === 0) kind = header.number;
  } else header = expectTag(cursor, limit, field ?? { tag: [0, kind] });
  if (header === null) return null;
  if (kind === null || kind === 16 || kind === 17) {
    if (kind !== null && !header.isConstructed) fail("type not constructed");
    if (header.isIndefinite) findEnd(cursor, header.end);
    else cursor.at = header.end;
    return { type: kind, content: cursor.bytes.subarray(start, cursor.at) };
  }
  let content: Uint8Array;
  if (header.isConstructed) {
    if (UNCONSTRUCTED.has(kind)) fail("type not primitive");
    content = collect(cursor, header.end, header.isIndefinite);
  } else {
    content = cursor.bytes.subarray(header.content, header.end);
    cursor.at = header.end;
  }
  checkContent(kind, content);
  return { type: kind, content };
}

/** asn1_ex_c2i. */
function checkContent(type: number, content: Uint8Array): void {
  const { length } = content;
  switch (type) {
    case Tag.boolean:
      if (length !== 1) fail("boolean is wrong length");
      break;
    case Tag.integer:
    case 10:
      checkInteger(content);
      break;
    case Tag.bitString:
      if (length < 1) fail("string too short");
      if ((content[0] ?? 0) > 7) fail("invalid bit string bits left");
      break;
    case Tag.null:
      if (length > 0) fail("null is wrong length");
      break;
    case Tag.oid:
      checkObject(content);
      break;
    case Tag.bmpString:
      if (length % 2 !== 0) fail("bmpstring is wrong length");
      break;
    case Tag.universalString:
      if (length % 4 !== 0) fail("universalstring is wrong length");
      break;
    default:
  }
}

function checkInteger(content: Uint8Array): void {
  const [first, second] = content;
  if (first === undefined) return fail("illegal zero content");
  if (second === undefined) return undefined;
  const isPadding =
    first === 0 || (first === 0xff && content.subarray(1).some((octet) => octet !== 0));
  return isPadding && first >= 0x80 === second >= 0x80 ? fail("illegal padding") : undefined;
}

function checkObject(content: Uint8Array): void {
  const invalid = "invalid object encoding";
  if (content.length === 0 || (content.at(-1) ?? 0) >= 0x80) fail(invalid);
  content.forEach((octet, at) => {
    if (octet === 0x80 && (at === 0 || (content[at - 1] ?? 0) < 0x80)) fail(invalid);
  });
}
