import type { ByteCursor } from "./byte-cursor.ts";
import { StoreFault } from "./store-error.ts";

/** Type codes of a serialised object (Java Object Serialization Specification, section 6.4.2). */
const Code = {
  null: 0x70,
  reference: 0x71,
  classDescription: 0x72,
  object: 0x73,
  string: 0x74,
  array: 0x75,
  class: 0x76,
  blockData: 0x77,
  endOfBlock: 0x78,
  longBlockData: 0x7a,
  longString: 0x7c,
  proxyClassDescription: 0x7d,
  enumeration: 0x7e,
} as const;

const MAGIC = 0xaced_0005;
const FIRST_HANDLE = 0x7e_0000;

/** A sealed key needs about ten levels and forty elements. */
const MAX_LEVELS = 32;
const MAX_ELEMENTS = 10_000;

const PRIMITIVE_SIZES: ReadonlyMap<string, number> = new Map([
  ["B", 1],
  ["C", 2],
  ["D", 8],
  ["F", 4],
  ["I", 4],
  ["J", 8],
  ["S", 2],
  ["Z", 1],
]);

const WRITE_METHOD = 1;
const SERIALISABLE = 2;
const EXTERNALISABLE = 4;
const BLOCK_DATA = 8;

/** What is known of a class in the stream. */
interface ClassDescription {
  readonly name: string;
  readonly flags: number;
  /** First letters of the types of its fields. */
  readonly fields: readonly string[];
  readonly parent: ClassDescription | null;
}

/**
 * Steps over one serialised Java object with its stream header, without ever making an object of it. JCEKS files hold
 * secret keys that way, and say nowhere how long they are.
 * @throws {StoreFault} truncated, malformed or too-deep
 */
export function skipJavaObject(cursor: ByteCursor): void {
  const start = cursor.offset;
  if (cursor.u32("a serialised object") !== MAGIC)
    throw new StoreFault(
      "malformed",
      `No serialised Java object (AC ED 00 05) at offset ${start}, where a secret key was expected`,
      { offset: start },
    );
  new ObjectSkipper(cursor).content(0);
}

class ObjectSkipper {
  readonly #cursor: ByteCursor;
  /** What the stream has named so far; references point here. Null for anything but a class. */
  readonly #handles: (ClassDescription | null)[] = [];
  #elements = 0;

  constructor(cursor: ByteCursor) {
    this.#cursor = cursor;
  }

  content(level: number): void {
    this.#element(this.#code(level), level);
  }

  #code(level: number): number {
    if (level > MAX_LEVELS || ++this.#elements > MAX_ELEMENTS)
      throw new StoreFault(
        "too-deep",
        `A serialised object has more than ${MAX_LEVELS} levels or ${MAX_ELEMENTS} elements`,
        { offset: this.#cursor.offset },
      );
    return this.#cursor.u8("a serialised object");
  }

  #element(code: number, level: number): void {
    const cursor = this.#cursor;
    switch (code) {
      case Code.null:
        return;
      case Code.reference:
        this.#reference();
        return;
      case Code.classDescription:
      case Code.proxyClassDescription:
        this.#describe(code, level);
        return;
      case Code.object: {
        const type = this.#classOf(level);
        this.#handles.push(null);
        this.#classData(type, level);
        return;
      }
      case Code.string:
        this.#handles.push(null);
        cursor.skip(cursor.u16("a string"), "a string");
        return;
      case Code.longString:
        this.#handles.push(null);
        cursor.skip(cursor.i64("a string") ?? Number.MAX_SAFE_INTEGER, "a string");
        return;
      case Code.array:
        this.#array(level);
        return;
      case Code.class:
        this.#classOf(level);
        this.#handles.push(null);
        return;
      case Code.enumeration:
        this.#classOf(level);
        this.#handles.push(null);
        this.content(level + 1);
        return;
      case Code.blockData:
        cursor.skip(cursor.u8("block data"), "block data");
        return;
      case Code.longBlockData:
        cursor.skip(cursor.u32("block data"), "block data");
        return;
      default:
        throw this.#unknown(`type code ${code}`);
    }
  }

  #unknown(what: string): StoreFault {
    const { offset } = this.#cursor;
    return new StoreFault("malformed", `Serialised object has ${what} before offset ${offset}`, {
      offset,
    });
  }

  #reference(): ClassDescription | null {
    const handle = this.#cursor.u32("a reference") - FIRST_HANDLE;
    const named = this.#handles[handle];
    if (named === undefined) throw this.#unknown("a reference to nothing");
    return named;
  }

  /** A class where the stream must have one. */
  #classOf(level: number): ClassDescription {
    const description = this.#optionalClass(level + 1);
    if (description === null) throw this.#unknown("an object without class");
    return description;
  }

  #optionalClass(level: number): ClassDescription | null {
    const code = this.#code(level);
    switch (code) {
      case Code.null:
        return null;
      case Code.reference:
        return this.#reference();
      case Code.classDescription:
      case Code.proxyClassDescription:
        return this.#describe(code, level);
      default:
        throw this.#unknown(`type code ${code} instead of a class`);
    }
  }

  #describe(code: number, level: number): ClassDescription {
    const cursor = this.#cursor;
    const handle = this.#handles.push(null) - 1;
    let name = "";
    let flags = SERIALISABLE;
    const fields: string[] = [];
    if (code === Code.proxyClassDescription) {
      for (let left = this.#count(cursor.u32("interfaces")); left > 0; left--)
        cursor.skip(cursor.u16("an interface"), "an interface");
    } else {
      name = cursor.javaText("a class name");
      cursor.skip(8, "a class version");
      flags = cursor.u8("class flags");
      for (let left = this.#count(cursor.u16("fields")); left > 0; left--) {
        const type = String.fromCharCode(cursor.u8("a field type"));
        cursor.skip(cursor.u16("a field name"), "a field name");
        if (type === "[" || type === "L") this.content(level + 1);
        else if (!PRIMITIVE_SIZES.has(type)) throw this.#unknown("an unknown field type");
        fields.push(type);
      }
    }
    this.#annotations(level);
    const parent = this.#optionalClass(level + 1);
    const description = { name, flags, fields, parent };
    this.#handles[handle] = description;
    return description;
  }

  #count(announced: number): number {
    if (announced > MAX_ELEMENTS) throw this.#unknown(`a count of ${announced}`);
    return announced;
  }

  #annotations(level: number): void {
    for (;;) {
      const code = this.#code(level + 1);
      if (code === Code.endOfBlock) return;
      this.#element(code, level + 1);
    }
  }

  /** Field values class by class, the topmost parent first. */
  #classData(type: ClassDescription, level: number): void {
    const line: ClassDescription[] = [];
    for (let each: ClassDescription | null = type; each !== null; each = each.parent)
      if (line.push(each) > MAX_LEVELS) throw this.#unknown("too many parent classes");
    for (const { flags, fields } of line.toReversed()) {
      if ((flags & EXTERNALISABLE) !== 0) {
        if ((flags & BLOCK_DATA) === 0) throw this.#unknown("a class that only itself can read");
        this.#annotations(level);
        continue;
      }
      for (const field of fields) this.#value(field, level);
      if ((flags & WRITE_METHOD) !== 0) this.#annotations(level);
    }
  }

  #array(level: number): void {
    const { name } = this.#classOf(level);
    this.#handles.push(null);
    const length = this.#cursor.u32("an array");
    const type = name.charAt(1);
    const size = PRIMITIVE_SIZES.get(type);
    if (size !== undefined) this.#cursor.skip(size * length, "an array");
    else for (let left = this.#count(length); left > 0; left--) this.#value(type, level);
  }

  #value(type: string, level: number): void {
    const size = PRIMITIVE_SIZES.get(type);
    if (size === undefined) this.content(level + 1);
    else this.#cursor.skip(size, "a field");
  }
}
