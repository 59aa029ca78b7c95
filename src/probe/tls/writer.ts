/** Builds a message in the presentation language of TLS (RFC 8446 section 3). */
export class Writer {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 512) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Bytes written so far, lengths of unfinished vectors included. */
  get length(): number {
    return this.#length;
  }

  uint8(value: number): this {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
    return this;
  }

  uint16(value: number): this {
    return this.uint8(value >>> 8).uint8(value & 0xff);
  }

  uint24(value: number): this {
    return this.uint8(value >>> 16).uint16(value & 0xffff);
  }

  bytes(value: Uint8Array): this {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** A vector behind a length of one byte; `write` fills it in. @throws {RangeError} when it grows beyond the length's range */
  vector8(write: () => void): this {
    return this.#vector(1, write);
  }

  /** A vector behind a length of two bytes. @throws {RangeError} */
  vector16(write: () => void): this {
    return this.#vector(2, write);
  }

  /** A vector behind a length of three bytes. @throws {RangeError} */
  vector24(write: () => void): this {
    return this.#vector(3, write);
  }

  /** What was written, as a view. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #vector(size: number, write: () => void): this {
    this.#reserve(size);
    const start = this.#length;
    this.#length += size;
    write();
    let length = this.#length - start - size;
    if (length >= 256 ** size)
      throw new RangeError(`A vector of ${length} bytes does not fit a length of ${size} bytes`);
    for (let i = size - 1; i >= 0; i--) {
      this.#bytes[start + i] = length & 0xff;
      length >>>= 8;
    }
    return this;
  }

  #reserve(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
