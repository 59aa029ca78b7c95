/** What is wrong with an encoding; closed list. */
export type DerErrorCode =
  | "truncated"
  | "indefinite-length"
  | "length-not-minimal"
  | "length-too-large"
  | "tag-unsupported"
  | "tag-unexpected"
  | "trailing-data"
  | "too-deep"
  | "value-invalid";

/** A rejected encoding: the rule, where, and what was found. Thrown inside x509 and turned into data at its edge. */
export class DerError extends Error {
  readonly code: DerErrorCode;
  /** Byte offset in the buffer that was parsed. */
  readonly offset: number;

  constructor(code: DerErrorCode, offset: number, message: string) {
    super(`${message} at offset ${offset}`);
    this.name = "DerError";
    this.code = code;
    this.offset = offset;
  }
}

/** Universal and context tags used by PKIX structures (X.690 section 8), as identifier octets. */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
  context0: 0x80,
  context1: 0x81,
  context2: 0x82,
  constructed0: 0xa0,
  constructed1: 0xa1,
  constructed2: 0xa2,
  constructed3: 0xa3,
} as const;

/** One decoded element: offsets into the buffer it was read from. */
export interface Element {
  readonly buffer: Uint8Array;
  /** Identifier octet. */
  readonly tag: number;
  /** Offset of the identifier octet. */
  readonly start: number;
  /** Offset of the first content octet. */
  readonly content: number;
  /** Offset behind the last content octet. */
  readonly end: number;
}

const MAX_LENGTH = 0x7fff_ffff;

/**
 * Reads elements one after the other without an object for each: the way through certificates and long lists.
 * After next() the fields describe the element that was read.
 */
export class DerWalk {
  readonly buffer: Uint8Array;
  /** Offset of the next element. */
  offset: number;
  /** Identifier octet. */
  tag = 0;
  /** Offset of the identifier octet. */
  start = 0;
  /** Offset of the first content octet. */
  content = 0;
  /** Offset behind the last content octet. */
  end = 0;

  constructor(buffer: Uint8Array, offset = 0) {
    this.buffer = buffer;
    this.offset = offset;
  }

  /**
   * Reads the element at `offset`, which must end at or before `limit`, and moves behind it.
   *
   * Strict DER (X.690 section 10.1): definite, minimal lengths; low tag numbers only, since PKIX uses no others.
   * @throws {DerError}
   */
  next(limit: number): void {
    const { buffer, offset } = this;
    const tag = buffer[offset];
    const first = buffer[offset + 1];
    if (offset + 2 > limit || tag === undefined || first === undefined)
      throw new DerError("truncated", offset, "Input ends inside an element header");
    if ((tag & 0x1f) === 0x1f)
      throw new DerError("tag-unsupported", offset, "High tag number form is not used by PKIX");
    let content = offset + 2;
    let length = first;
    if (first >= 0x80) {
      const octets = first & 0x7f;
      length = readLongLength(buffer, offset, octets, limit);
      content += octets;
    }
    const end = content + length;
    if (end > limit)
      throw new DerError(
        "truncated",
        offset,
        `Element of ${length} octets exceeds its container by ${end - limit}`,
      );
    this.tag = tag;
    this.start = offset;
    this.content = content;
    this.end = end;
    this.offset = end;
  }

  /** Reads the next element, which must have `tag`. @throws {DerError} */
  expect(tag: number, what: string, limit: number): void {
    if (this.offset >= limit || this.buffer[this.offset] !== tag)
      throw unexpected(this.buffer, this.offset, limit, what);
    this.next(limit);
  }

  /** Whether the next element before `limit` has `tag`. */
  sees(tag: number, limit: number): boolean {
    return this.offset < limit && this.buffer[this.offset] === tag;
  }

  /** The element that was read last, as an object of its own. */
  element(): Element {
    const { buffer, tag, start, content, end } = this;
    return { buffer, tag, start, content, end };
  }
}

function readLongLength(buffer: Uint8Array, offset: number, octets: number, limit: number): number {
  if (octets === 0) throw new DerError("indefinite-length", offset, "Indefinite length is not DER");
  if (octets > 4)
    throw new DerError("length-too-large", offset, `Length of ${octets} octets is too large`);
  if (offset + 2 + octets > limit)
    throw new DerError("truncated", offset, "Input ends inside a length");
  let length = 0;
  for (let i = 0; i < octets; i++) length = length * 256 + (buffer[offset + 2 + i] ?? 0);
  if (length < 0x80 || length < 2 ** (8 * (octets - 1)))
    throw new DerError("length-not-minimal", offset, `Length ${length} is not minimal`);
  if (length > MAX_LENGTH)
    throw new DerError("length-too-large", offset, `Length ${length} is too large`);
  return length;
}

function unexpected(buffer: Uint8Array, at: number, limit: number, what: string): DerError {
  const found = at < limit ? buffer[at] : undefined;
  const seen = found === undefined ? "the end" : `tag 0x${found.toString(16)}`;
  return new DerError("tag-unexpected", at, `Expected ${what}, found ${seen}`);
}

/** Reads one element at `offset`, which must end at or before `limit`, as DerWalk does. @throws {DerError} */
export function readElement(buffer: Uint8Array, offset: number, limit: number): Element {
  const walk = new DerWalk(buffer, offset);
  walk.next(limit);
  return walk.element();
}

/** Walks the elements of one container in order; every read names the rule and offset it fails on. */
export class DerReader {
  readonly buffer: Uint8Array;
  readonly end: number;
  #offset: number;

  constructor(buffer: Uint8Array, start = 0, end: number = buffer.length) {
    this.buffer = buffer;
    this.#offset = start;
    this.end = end;
  }

  /** Offset of the next element. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether every element was read. */
  get done(): boolean {
    return this.#offset >= this.end;
  }

  /** Identifier octet of the next element; undefined at the end. */
  peek(): number | undefined {
    return this.done ? undefined : this.buffer[this.#offset];
  }

  /** Reads the next element, of any tag. @throws {DerError} */
  next(): Element {
    const element = readElement(this.buffer, this.#offset, this.end);
    this.#offset = element.end;
    return element;
  }

  /** Reads the next element, which must have `tag`. @throws {DerError} */
  expect(tag: number, what: string): Element {
    if (this.peek() !== tag) throw unexpected(this.buffer, this.#offset, this.end, what);
    return this.next();
  }

  /** Reads the next element when it has `tag`. @throws {DerError} */
  optional(tag: number): Element | undefined {
    return this.peek() === tag ? this.next() : undefined;
  }

  /** Reader over the content of the next element, which must have `tag`. @throws {DerError} */
  enter(tag: number, what: string): DerReader {
    return inside(this.expect(tag, what));
  }

  /** Fails unless everything was read. @throws {DerError} */
  finish(what: string): void {
    if (!this.done)
      throw new DerError(
        "trailing-data",
        this.#offset,
        `${this.end - this.#offset} octets left behind ${what}`,
      );
  }
}

/** Reader over the content of an element. */
export function inside(element: Element): DerReader {
  return new DerReader(element.buffer, element.content, element.end);
}

/** The only element of a buffer; nothing may follow it. @throws {DerError} */
export function onlyElement(buffer: Uint8Array, tag: number, what: string): Element {
  const reader = new DerReader(buffer);
  const element = reader.expect(tag, what);
  reader.finish(what);
  return element;
}

/** Content octets, without copying. */
export function contentOf(element: Element): Uint8Array {
  return element.buffer.subarray(element.content, element.end);
}

/** The whole encoding, header included, without copying. */
export function encodingOf(element: Element): Uint8Array {
  return element.buffer.subarray(element.start, element.end);
}
