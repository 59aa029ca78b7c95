import { StoreFault } from "./store-error.ts";

/**
 * Walks big-endian binary formats; every read is checked against the end, and names what was being read
 * when the bytes run out.
 */
export class ByteCursor {
  readonly bytes: Uint8Array;
  readonly end: number;
  #offset: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.end = end;
    this.#offset = start;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Offset of the next byte. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes that are left. */
  get remaining(): number {
    return this.end - this.#offset;
  }

  /** Steps over `count` bytes and returns where they start. @throws {StoreFault} */
  skip(count: number, what: string): number {
    if (count < 0 || count > this.remaining)
      throw new StoreFault(
        "truncated",
        `File ends inside ${what}: ${count} bytes are needed at offset ${this.#offset}, ${this.remaining} are left`,
        { offset: this.#offset },
      );
    const start = this.#offset;
    this.#offset += count;
    return start;
  }

  /** Unsigned 8-bit number. @throws {StoreFault} */
  u8(what: string): number {
    return this.#view.getUint8(this.skip(1, what));
  }

  /** Unsigned 16-bit number. @throws {StoreFault} */
  u16(what: string): number {
    return this.#view.getUint16(this.skip(2, what));
  }

  /** Unsigned 32-bit number. @throws {StoreFault} */
  u32(what: string): number {
    return this.#view.getUint32(this.skip(4, what));
  }

  /** Signed 64-bit number; null when it is not a safe integer. @throws {StoreFault} */
  i64(what: string): number | null {
    const value = Number(this.#view.getBigInt64(this.skip(8, what)));
    return Number.isSafeInteger(value) ? value : null;
  }

  /** View of the next `count` bytes, without copying. @throws {StoreFault} */
  take(count: number, what: string): Uint8Array {
    const start = this.skip(count, what);
    return this.bytes.subarray(start, start + count);
  }

  /** A 16-bit length and that many bytes of Java's modified UTF-8. @throws {StoreFault} */
  javaText(what: string): string {
    const start = this.#offset;
    const text = decodeModifiedUtf8(this.take(this.u16(what), what));
    if (text === null)
      throw new StoreFault(
        "malformed",
        `Text of ${what} at offset ${start} is not modified UTF-8`,
        {
          offset: start,
        },
      );
    return text;
  }
}

/** Decodes java.io.DataInput's modified UTF-8: one to three bytes per UTF-16 unit, U+0000 as C0 80; null when invalid. */
export function decodeModifiedUtf8(bytes: Uint8Array): string | null {
  const units: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] ?? 0;
    const size = first < 0x80 ? 1 : (first & 0xe0) === 0xc0 ? 2 : (first & 0xf0) === 0xe0 ? 3 : 0;
    if (size === 0 || at + size > bytes.length) return null;
    let unit = size === 1 ? first : first & (size === 2 ? 0x1f : 0x0f);
    for (let i = 1; i < size; i++) {
      const next = bytes[at + i] ?? 0;
      if ((next & 0xc0) !== 0x80) return null;
      unit = (unit << 6) | (next & 0x3f);
    }
    units.push(String.fromCharCode(unit));
    at += size;
  }
  return units.join("");
}
