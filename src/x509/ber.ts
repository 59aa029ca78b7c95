import { DerError, Tag } from "./der.ts";

/** Deepest nesting that is followed; the deepest honest PKCS#12 file needs about twenty levels. */
const MAX_BER_DEPTH = 64;
const MAX_LENGTH = 0x7fff_ffff;
const CONSTRUCTED = 0x20;
const CONSTRUCTED_OCTET_STRING = Tag.octetString | CONSTRUCTED;

/** One element of a BER encoding, rewritten, and where it ended in the input. */
interface Rewritten {
  readonly der: Uint8Array;
  readonly end: number;
}

/** DER of the first element of a BER encoding. */
export interface NormalisedBer {
  /** A view of the input when that was DER already; offsets then agree with the input. */
  readonly der: Uint8Array;
  /** Octets of the input that the element took. */
  readonly consumed: number;
  /** Whether anything had to be rewritten. */
  readonly changed: boolean;
}

/**
 * Rewrites the first element of a BER encoding (X.690 section 8.1.3: indefinite and over-long lengths, constructed
 * OCTET STRINGs) with the definite, minimal lengths of DER. BouncyCastle writes PKCS#12 that way. The content of
 * primitive elements is left alone.
 * @throws {DerError}
 */
export function normaliseBer(input: Uint8Array): NormalisedBer {
  const { der, end } = rewrite(input, 0, input.length, 0);
  return { der, consumed: end, changed: der.buffer !== input.buffer || der.length !== end };
}

function rewrite(input: Uint8Array, start: number, limit: number, depth: number): Rewritten {
  if (depth > MAX_BER_DEPTH)
    throw new DerError("too-deep", start, `More than ${MAX_BER_DEPTH} levels of nesting`);
  const tag = input[start];
  if (tag === undefined || start + 2 > limit)
    throw new DerError("truncated", start, "Input ends inside an element header");
  if ((tag & 0x1f) === 0x1f)
    throw new DerError("tag-unsupported", start, "High tag number form is not used here");
  const { length, content, minimal } = readLength(input, start, limit);
  if ((tag & CONSTRUCTED) === 0) {
    if (length === null)
      throw new DerError("indefinite-length", start, "Primitive element with indefinite length");
    const end = content + length;
    return minimal
      ? { der: input.subarray(start, end), end }
      : { der: encode(tag, [input.subarray(content, end)]), end };
  }
  const children: Uint8Array[] = [];
  const end = readChildren(
    input,
    content,
    length === null ? null : content + length,
    limit,
    depth,
    children,
  );
  if (tag === CONSTRUCTED_OCTET_STRING)
    return { der: encode(Tag.octetString, children.map(octets)), end };
  const untouched =
    minimal &&
    children.every((child) => child.buffer === input.buffer) &&
    sizeOf(children) === length;
  return { der: untouched ? input.subarray(start, end) : encode(tag, children), end };
}

function readLength(
  input: Uint8Array,
  start: number,
  limit: number,
): { length: number | null; content: number; minimal: boolean } {
  const first = input[start + 1] ?? 0;
  let content = start + 2;
  if (first === 0x80) return { length: null, content, minimal: false };
  let length = first;
  let minimal = true;
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 8 || content + count > limit)
      throw new DerError(
        count > 8 ? "length-too-large" : "truncated",
        start,
        `Length of ${count} octets does not fit`,
      );
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (input[content + i] ?? 0);
    if (length > MAX_LENGTH)
      throw new DerError("length-too-large", start, `Length ${length} is too large`);
    minimal = length >= 0x80 && length >= 2 ** (8 * (count - 1));
    content += count;
  }
  if (content + length > limit)
    throw new DerError(
      "truncated",
      start,
      `Element of ${length} octets exceeds its container by ${content + length - limit}`,
    );
  return { length, content, minimal };
}

/** Reads children up to `end`, or up to end-of-contents octets when it is null; returns where the element ends. */
function readChildren(
  input: Uint8Array,
  content: number,
  end: number | null,
  limit: number,
  depth: number,
  children: Uint8Array[],
): number {
  let at = content;
  for (;;) {
    if (end !== null && at >= end) return end;
    if (end === null && input[at] === 0 && input[at + 1] === 0 && at + 2 <= limit) return at + 2;
    const child = rewrite(input, at, end ?? limit, depth + 1);
    children.push(child.der);
    at = child.end;
  }
}

/** Content of a primitive OCTET STRING that was just rewritten. */
function octets(der: Uint8Array): Uint8Array {
  if (der[0] !== Tag.octetString)
    throw new DerError("tag-unexpected", 0, "Constructed OCTET STRING holds another type");
  const first = der[1] ?? 0;
  return der.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f));
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((size, part) => size + part.length, 0);
}

/** DER of an element with the given identifier octet and content. */
export function encode(tag: number, parts: readonly Uint8Array[]): Uint8Array {
  const size = sizeOf(parts);
  const lengthOctets: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) lengthOctets.unshift(rest % 256);
  const header = size < 0x80 ? [tag, size] : [tag, 0x80 | lengthOctets.length, ...lengthOctets];
  const der = new Uint8Array(header.length + size);
  der.set(header);
  let at = header.length;
  for (const part of parts) {
    der.set(part, at);
    at += part.length;
  }
  return der;
}
