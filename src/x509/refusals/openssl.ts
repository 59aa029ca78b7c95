import { Tag } from "../der.ts";
import {
  expectTag,
  OpenSslComplaint,
  type OpenSslCursor,
  readHeader,
  readPrimitive,
  skipEndOfContents,
} from "./openssl-values.ts";

/**
 * The reason that d2i_X509 gives for octets that it does not take for a certificate, as `openssl errstr` words it;
 * null when it reads them. In TLS nothing may follow the certificate. Keys and extension values are not decoded.
 * Source: the ASN.1 templates of OpenSSL 3.0, measured against it.
 */
export function opensslRefusal(der: Uint8Array): string | null {
  const cursor: OpenSslCursor = { bytes: der, at: 0 };
  try {
    readSequence(cursor, der.length, CERTIFICATE);
  } catch (error) {
    if (error instanceof OpenSslComplaint) return error.message;
    throw error;
  }
  return cursor.at < der.length ? "cert length mismatch" : null;
}

const fail = (text: string): never => {
  throw new OpenSslComplaint(text);
};

/** Reads one field; false when it is optional and another element stands there. */
type Read = (cursor: OpenSslCursor, limit: number, optional: boolean) => boolean;

/** A field of a SEQUENCE in the order of its template. */
interface Field {
  readonly read: Read;
  readonly optional?: boolean;
}

/** asn1_item_embed_d2i for a SEQUENCE: the last field counts as required while octets are left. */
function readSequence(cursor: OpenSslCursor, limit: number, fields: readonly Field[]): void {
  const header = expectTag(cursor, limit, { tag: [0, 16] });
  if (header === null) return;
  if (!header.isConstructed) fail("sequence not constructed");
  let open = header.isIndefinite;
  let missing = fields.length;
  for (const [index, { read, optional = false }] of fields.entries()) {
    missing = fields.length - index;
    if (cursor.at >= header.end) break;
    if (skipEndOfContents(cursor, header.end)) {
      if (!open) fail("unexpected eoc");
      open = false;
      break;
    }
    read(cursor, header.end, optional && index < fields.length - 1);
    missing--;
  }
  if (open && !skipEndOfContents(cursor, header.end)) fail("missing eoc");
  if (!header.isIndefinite && cursor.at < header.end) fail("sequence length mismatch");
  const absent = missing === 0 ? [] : fields.slice(-missing);
  if (absent.some(({ optional = false }) => !optional)) fail("field missing");
}

/** SEQUENCE OF and SET OF: the constructed bit is not looked at. */
function readListOf(
  cursor: OpenSslCursor,
  limit: number,
  number: 16 | 17,
  read: (cursor: OpenSslCursor, limit: number) => void,
): void {
  const header = expectTag(cursor, limit, { tag: [0, number] });
  if (header === null) return;
  let open = header.isIndefinite;
  while (cursor.at < header.end) {
    if (skipEndOfContents(cursor, header.end)) {
      if (!open) fail("unexpected eoc");
      open = false;
      break;
    }
    read(cursor, header.end);
  }
  if (open) fail("missing eoc");
}

const primitive =
  (type: number | null): Read =>
  (cursor, limit, optional) =>
    readPrimitive(cursor, limit, type, type === null ? null : { tag: [0, type], optional }) !==
    null;

const implicit =
  (number: number, type: number): Read =>
  (cursor, limit, optional) =>
    readPrimitive(cursor, limit, type, { tag: [0x80, number], optional }) !== null;

/** An explicit tag around one element. */
const explicit =
  (number: number, read: (cursor: OpenSslCursor, limit: number) => void): Read =>
  (cursor, limit, optional) => {
    const header = expectTag(cursor, limit, { tag: [0x80, number], optional });
    if (header === null) return false;
    if (!header.isConstructed) fail("explicit tag not constructed");
    read(cursor, header.end);
    if (header.isIndefinite) {
      if (!skipEndOfContents(cursor, header.end)) fail("missing eoc");
    } else if (cursor.at < header.end) fail("explicit length mismatch");
    return true;
  };

const nested =
  (fields: readonly Field[]): Read =>
  (cursor, limit) => {
    readSequence(cursor, limit, fields);
    return true;
  };

const UNKNOWN_TYPES = [7, 8, 9, 11, 13, 14, 15, 29, 31];

/** ASN1_PRINTABLE: what the value of an attribute may be (B_ASN1_PRINTABLE). */
const ATTRIBUTE_TYPES: ReadonlySet<number> = new Set([
  3,
  12,
  16,
  18,
  19,
  20,
  22,
  28,
  30,
  ...UNKNOWN_TYPES,
]);
const TIME_TYPES: ReadonlySet<number> = new Set([Tag.utcTime, Tag.generalizedTime]);

/** A choice of universal types (ASN1_ITYPE_MSTRING). */
const choice =
  (types: ReadonlySet<number>, check: (type: number, content: Uint8Array) => void): Read =>
  (cursor, limit) => {
    const { tagClass, number } = readHeader(cursor, limit);
    if (tagClass !== 0) fail("mstring not universal");
    if (!types.has(number)) fail("mstring wrong tag");
    const value = readPrimitive(cursor, limit, number);
    if (value !== null) check(number, value.content);
    return true;
  };

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Names are folded as soon as they are read, and a string that is none cannot be (x509_name_canon). */
function checkFoldable(type: number, content: Uint8Array): void {
  if (type === Tag.utf8String) {
    try {
      utf8.decode(content);
    } catch {
      fail("invalid utf8string");
    }
  }
  const width = type === Tag.bmpString ? 2 : type === Tag.universalString ? 4 : 0;
  if (width === 0) return;
  for (let at = 0; at < content.length; at += width) {
    let point = 0;
    for (const octet of content.subarray(at, at + width)) point = point * 256 + octet;
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) fail("illegal characters");
  }
}

const ALGORITHM: readonly Field[] = [
  { read: primitive(Tag.oid) },
  { read: primitive(null), optional: true },
];
const VALIDITY: readonly Field[] = [
  { read: choice(TIME_TYPES, () => undefined) },
  { read: choice(TIME_TYPES, () => undefined) },
];
const ATTRIBUTE: readonly Field[] = [
  { read: primitive(Tag.oid) },
  { read: choice(ATTRIBUTE_TYPES, checkFoldable) },
];
const KEY: readonly Field[] = [{ read: nested(ALGORITHM) }, { read: primitive(Tag.bitString) }];
const EXTENSION: readonly Field[] = [
  { read: primitive(Tag.oid) },
  { read: primitive(Tag.boolean), optional: true },
  { read: primitive(Tag.octetString) },
];

const name: Read = (cursor, limit) => {
  readListOf(cursor, limit, 16, (rdns, rdnsEnd) =>
    readListOf(rdns, rdnsEnd, 17, (rdn, rdnEnd) => readSequence(rdn, rdnEnd, ATTRIBUTE)),
  );
  return true;
};

const extensions = explicit(3, (cursor, limit) =>
  readListOf(cursor, limit, 16, (list, end) => readSequence(list, end, EXTENSION)),
);

const TBS: readonly Field[] = [
  {
    read: explicit(0, (cursor, limit) => readPrimitive(cursor, limit, Tag.integer)),
    optional: true,
  },
  { read: primitive(Tag.integer) },
  { read: nested(ALGORITHM) },
  { read: name },
  { read: nested(VALIDITY) },
  { read: name },
  { read: nested(KEY) },
  { read: implicit(1, Tag.bitString), optional: true },
  { read: implicit(2, Tag.bitString), optional: true },
  { read: extensions, optional: true },
];
const CERTIFICATE: readonly Field[] = [
  { read: nested(TBS) },
  { read: nested(ALGORITHM) },
  { read: primitive(Tag.bitString) },
];
