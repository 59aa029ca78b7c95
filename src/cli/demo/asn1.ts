import forge from "node-forge";

/** An ASN.1 value that is still to be encoded. */
export type Asn1 = forge.asn1.Asn1;

const { Class, Type } = forge.asn1;

function universal(type: forge.asn1.Type, value: string | Asn1[]): Asn1 {
  return forge.asn1.create(Class.UNIVERSAL, type, Array.isArray(value), value);
}

function binary(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

/** SEQUENCE (X.690 section 8.9). */
export function sequence(...members: Asn1[]): Asn1 {
  return universal(Type.SEQUENCE, members);
}

/** SET, or SET OF, with its members in the order given (X.690 section 8.11). */
export function set(...members: Asn1[]): Asn1 {
  return universal(Type.SET, members);
}

/** OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string): Asn1 {
  return universal(Type.OID, forge.asn1.oidToDer(dotted).getBytes());
}

/** NULL. */
export function nothing(): Asn1 {
  return universal(Type.NULL, "");
}

/** BOOLEAN TRUE; DER leaves a FALSE that is the default out. */
export function yes(): Asn1 {
  return universal(Type.BOOLEAN, "\xff");
}

/** INTEGER that is not negative and below 2^31. */
export function integer(value: number): Asn1 {
  return universal(Type.INTEGER, forge.asn1.integerToDer(value).getBytes());
}

/** INTEGER from its big-endian content octets, which must be minimal already. */
export function integerBytes(content: Uint8Array): Asn1 {
  return universal(Type.INTEGER, binary(content));
}

/** OCTET STRING. */
export function octets(content: Uint8Array): Asn1 {
  return universal(Type.OCTETSTRING, binary(content));
}

/** BIT STRING; `unusedBits` of the last octet do not count (0 to 7). */
export function bits(content: Uint8Array, unusedBits = 0): Asn1 {
  return universal(Type.BITSTRING, String.fromCharCode(unusedBits) + binary(content));
}

/** UTF8String. */
export function utf8(text: string): Asn1 {
  return universal(Type.UTF8, forge.util.encodeUtf8(text));
}

/** PrintableString; the caller keeps to its alphabet. */
export function printable(text: string): Asn1 {
  return universal(Type.PRINTABLESTRING, text);
}

/** A time in milliseconds since the epoch: UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 section 4.1.2.5). */
export function time(at: number): Asn1 {
  const date = new Date(at);
  return date.getUTCFullYear() < 2050
    ? universal(Type.UTCTIME, forge.asn1.dateToUtcTime(date))
    : universal(Type.GENERALIZEDTIME, forge.asn1.dateToGeneralizedTime(date));
}

/** `[tag]` with explicit tagging, or with implicit tagging of a constructed value. */
export function tagged(tag: number, ...members: Asn1[]): Asn1 {
  return forge.asn1.create(Class.CONTEXT_SPECIFIC, tag, true, members);
}

/** `[tag]` with implicit tagging of a primitive value. */
export function taggedOctets(tag: number, content: Uint8Array): Asn1 {
  return forge.asn1.create(Class.CONTEXT_SPECIFIC, tag, false, binary(content));
}

/** A value that is encoded already. Throws an Error when `der` is not one whole DER value. */
export function embed(der: Uint8Array): Asn1 {
  return forge.asn1.fromDer(binary(der));
}

/** The DER encoding (X.690). */
export function encode(value: Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(value).getBytes(), "latin1");
}
