import { DIALOG_LIMITS } from "./limits.ts";
import { malformed } from "./talk.ts";

/** One value of the Basic Encoding Rules with a definite length, as LDAP wants them (RFC 4511 section 5.1). */
export interface BerValue {
  /** Class, form and number in one byte; LDAP has no tag numbers above 30. */
  readonly tag: number;
  readonly content: Uint8Array;
}

/** Bytes that a header of tag and length may have: lengths are padded to four bytes by some servers. */
const MAX_LENGTH_BYTES = 4;

/**
 * Length of the whole value that begins at `offset`; null when its header is incomplete. Throws when the
 * length is indefinite or beyond what a dialog may hold.
 */
export function berSize(bytes: Uint8Array, offset = 0): number | null {
  const first = bytes[offset + 1];
  if (first === undefined) return null;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > MAX_LENGTH_BYTES)
    throw malformed(`Server's message has a length of the form 0x${first.toString(16)}`);
  if (bytes.length < offset + 2 + count) return null;
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + (bytes[offset + 2 + i] ?? 0);
  if (length > DIALOG_LIMITS.pieceLength)
    throw malformed(`Server's message announces ${length} bytes, which is too long`);
  return 2 + count + length;
}

/** The values of which some content consists. Throws when one of them is cut. */
export function berValues(content: Uint8Array): readonly BerValue[] {
  const values: BerValue[] = [];
  for (let at = 0; at < content.length;) {
    const size = berSize(content, at);
    if (size === null || at + size > content.length)
      throw malformed(`Server's message has a value at byte ${at} that is cut`);
    const first = content[at + 1] ?? 0;
    const header = first < 0x80 ? 2 : 2 + (first & 0x7f);
    values.push({ tag: content[at] ?? 0, content: content.subarray(at + header, at + size) });
    at += size;
  }
  return values;
}

/** A non-negative INTEGER or ENUMERATED of at most four bytes; null for any other. */
export function berInteger({ content }: BerValue): number | null {
  if (content.length === 0 || content.length > 4 || (content[0] ?? 0) > 0x7f) return null;
  return content.reduce((value, byte) => value * 256 + byte, 0);
}

/** Writes a value with a content shorter than 128 bytes. */
export function ber(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(content);
  if (body.length > 0x7f) throw new RangeError(`Content of ${body.length} bytes is not short`);
  return Buffer.concat([Uint8Array.of(tag, body.length), body]);
}
