import type { DetectedFormat } from "./store-format.ts";

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OID = 0x06;
const CONTEXT_0 = 0xa0;

const SIGNED_DATA = "2a864886f70d010702";

/** Header of one element; lengths may be BER, and may reach beyond a file that is cut off. */
interface Header {
  readonly tag: number;
  readonly content: number;
  readonly end: number;
}

function readHeader(bytes: Uint8Array, at: number, limit: number): Header | null {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || at + 2 > limit) return null;
  if (first === 0x80) return { tag, content: at + 2, end: limit };
  const octets = first > 0x80 ? first & 0x7f : 0;
  if (octets > 6 || at + 2 + octets > limit) return null;
  let length = octets === 0 ? first : 0;
  for (let i = 0; i < octets; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0);
  const content = at + 2 + octets;
  return { tag, content, end: content + length };
}

/** Headers of the first few children; a child that is cut off is the last. */
function children(bytes: Uint8Array, parent: Header): readonly Header[] {
  const limit = Math.min(parent.end, bytes.length);
  const found: Header[] = [];
  for (let at = parent.content; at < limit && found.length < 5;) {
    const child = readHeader(bytes, at, limit);
    if (child === null) break;
    found.push(child);
    at = child.end;
  }
  return found;
}

function tags(headers: readonly Header[]): string {
  return headers.map(({ tag }) => tag.toString(16).padStart(2, "0")).join(" ");
}

function contentIs(bytes: Uint8Array, header: Header | undefined, hexText: string): boolean {
  if (header === undefined) return false;
  return Buffer.from(bytes.subarray(header.content, header.end)).toString("hex") === hexText;
}

/** SEQUENCE, SEQUENCE, BIT STRING: a signed structure. */
const SIGNED = "30 30 03";

/** Tells apart what begins with a SEQUENCE, also when the file is cut off. */
export function detectAsn1(bytes: Uint8Array): DetectedFormat {
  const outer = readHeader(bytes, 0, bytes.length);
  if (outer === null) return "unknown";
  const parts = children(bytes, outer);
  const [first, second] = parts;
  if (first === undefined) return "unknown";
  if (first.tag === INTEGER) return detectVersioned(bytes, first, second);
  if (first.tag === OID)
    return contentIs(bytes, first, SIGNED_DATA) &&
      (second === undefined || second.tag === CONTEXT_0)
      ? "pkcs7"
      : "unknown";
  if (first.tag !== SEQUENCE) return "unknown";
  const inner = children(bytes, first);
  const shape = tags(parts);
  if (tags(inner) === SIGNED) return "pkipath";
  const cut = first.end > bytes.length;
  if (cut || SIGNED.startsWith(shape)) {
    const signed = detectSigned(inner, cut);
    if (signed !== "unknown") return signed;
  }
  if (shape === "30 04") return "private-key";
  return shape === "30 30" ? "bcfks" : "unknown";
}

/** INTEGER first: a PKCS#12 file (3, SEQUENCE), or a private key (0 or 1, then algorithm, modulus or octets). */
function detectVersioned(
  bytes: Uint8Array,
  first: Header,
  second: Header | undefined,
): DetectedFormat {
  if (contentIs(bytes, first, "03") && (second === undefined || second.tag === SEQUENCE))
    return "pkcs12";
  const isKey = contentIs(bytes, first, "00") || contentIs(bytes, first, "01");
  return isKey && second !== undefined && [SEQUENCE, INTEGER, 0x04].includes(second.tag)
    ? "private-key"
    : "unknown";
}

/** The signed part: a certificate has a name after version, serial number and algorithm; a request and a CRL do not. */
function detectSigned(inner: readonly Header[], cut: boolean): DetectedFormat {
  const shape = tags(inner);
  if (shape.startsWith("a0 02 30 30") || shape.startsWith("02 30 30 30")) return "der";
  if (shape.startsWith("02 30 30 a0")) return "certificate-request";
  if (/^(?:02 )?30 30 (?:17|18)/.test(shape)) return "revocation-list";
  return cut && /^(?:a0(?: 02(?: 30)?)?|02(?: 30)?)?$/.test(shape) ? "der" : "unknown";
}
