/** Most octets that a text of java.io.DataOutput.writeUTF can have. */
const MAX_OCTETS = 0xffff;

/**
 * Java's modified UTF-8 (java.io.DataOutput.writeUTF) with its 16-bit length: one to three octets for every UTF-16
 * unit, U+0000 as C0 80.
 * @throws {RangeError} when the text needs more than 65535 octets; callers bound aliases beforehand
 */
export function encodeModifiedUtf8(text: string): Uint8Array {
  const octets: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x01 && unit < 0x80) octets.push(unit);
    else if (unit < 0x800) octets.push(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f));
    else octets.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
  }
  if (octets.length > MAX_OCTETS)
    throw new RangeError(`Text of ${octets.length} octets; at most ${MAX_OCTETS} can be written`);
  return Uint8Array.from([octets.length >> 8, octets.length & 0xff, ...octets]);
}
