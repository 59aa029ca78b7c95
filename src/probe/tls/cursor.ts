/** A message that breaks its own format: what was being read, and the byte at which it went wrong. */
export class DecodeError extends Error {
  /** Offset within the message body. */
  readonly offset: number;

  constructor(what: string, offset: number) {
    super(`${what} at byte ${offset}`);
    this.name = "DecodeError";
    this.offset = offset;
  }
}

/**
 * Strict reader over one message body (presentation language, RFC 8446 section 3).
 *
 * Every method names what it reads, so that a failure says which field was cut or lied about its length.
 * Nothing is copied: byte fields are views of the message.
 */
export class Cursor {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #offset: number;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#offset = offset;
    this.#end = end;
  }

  /** Offset of the next byte within the message. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether everything has been read. */
  get done(): boolean {
    return this.#offset === this.#end;
  }

  /** @throws {DecodeError} */
  uint8(what: string): number {
    return this.#number(1, what);
  }

  /** @throws {DecodeError} */
  uint16(what: string): number {
    return this.#number(2, what);
  }

  /** @throws {DecodeError} */
  uint24(what: string): number {
    return this.#number(3, what);
  }

  /** @throws {DecodeError} */
  uint32(what: string): number {
    return this.#number(4, what);
  }

  /** Exactly `length` bytes. @throws {DecodeError} */
  take(length: number, what: string): Uint8Array {
    if (length > this.#end - this.#offset)
      throw new DecodeError(
        `${what} of ${length} bytes has only ${this.#end - this.#offset}`,
        this.#offset,
      );
    const start = this.#offset;
    this.#offset += length;
    return this.#bytes.subarray(start, this.#offset);
  }

  /** Bytes behind a length of one byte, at least `minimum` of them. @throws {DecodeError} */
  vector8(what: string, minimum = 0): Uint8Array {
    return this.#vector(this.uint8(`Length of ${what}`), what, minimum);
  }

  /** Bytes behind a length of two bytes, at least `minimum` of them. @throws {DecodeError} */
  vector16(what: string, minimum = 0): Uint8Array {
    return this.#vector(this.uint16(`Length of ${what}`), what, minimum);
  }

  /** Bytes behind a length of three bytes, at least `minimum` of them. @throws {DecodeError} */
  vector24(what: string, minimum = 0): Uint8Array {
    return this.#vector(this.uint24(`Length of ${what}`), what, minimum);
  }

  /** A cursor over a two-byte-length vector that keeps counting offsets of the whole message. @throws {DecodeError} */
  list16(what: string, minimum = 0): Cursor {
    const { length } = this.vector16(what, minimum);
    return new Cursor(this.#bytes, this.#offset - length, this.#offset);
  }

  /** As `list16`, with a length of three bytes. @throws {DecodeError} */
  list24(what: string, minimum = 0): Cursor {
    const { length } = this.vector24(what, minimum);
    return new Cursor(this.#bytes, this.#offset - length, this.#offset);
  }

  /** Refuses bytes after the end of the structure. @throws {DecodeError} */
  finish(what: string): void {
    if (!this.done)
      throw new DecodeError(
        `${what} is followed by ${this.#end - this.#offset} unexpected bytes`,
        this.#offset,
      );
  }

  #vector(length: number, what: string, minimum: number): Uint8Array {
    if (length < minimum)
      throw new DecodeError(`${what} of ${length} bytes is shorter than ${minimum}`, this.#offset);
    return this.take(length, what);
  }

  #number(size: number, what: string): number {
    if (size > this.#end - this.#offset) throw new DecodeError(`${what} is missing`, this.#offset);
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + (this.#bytes[this.#offset + i] ?? 0);
    this.#offset += size;
    return value;
  }
}
