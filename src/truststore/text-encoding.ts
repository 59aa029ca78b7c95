import { latin1 } from "../x509/der-values.ts";

/** A text file's content, and whether bytes had to be replaced to read it. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: "UTF-8" | "UTF-16LE" | "UTF-16BE" | "ISO 8859-1";
  /** Whether the text begins with a byte order mark, which `text` does not contain. */
  readonly marked: boolean;
}

/**
 * Decodes text by its byte order mark; UTF-16 without one is recognised by the zero byte beside its first character.
 * Bytes that are not UTF-8 are taken for ISO 8859-1: PEM itself is ASCII, only comments differ.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return utf16(bytes.subarray(2), "UTF-16LE", true);
  if (first === 0xfe && second === 0xff) return utf16(bytes.subarray(2), "UTF-16BE", true);
  if (first !== 0 && second === 0) return utf16(bytes, "UTF-16LE", false);
  if (first === 0 && second !== 0) return utf16(bytes, "UTF-16BE", false);
  const marked = first === 0xef && second === 0xbb && third === 0xbf;
  const body = marked ? bytes.subarray(3) : bytes;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    return { text, encoding: "UTF-8", marked };
  } catch {
    return { text: latin1(body), encoding: "ISO 8859-1", marked };
  }
}

function utf16(bytes: Uint8Array, encoding: "UTF-16LE" | "UTF-16BE", marked: boolean): DecodedText {
  const copy = Buffer.from(bytes.subarray(0, bytes.length & ~1));
  const text = (encoding === "UTF-16BE" ? copy.swap16() : copy).toString("utf16le");
  return { text, encoding, marked };
}
