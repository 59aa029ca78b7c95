import { fail, ok, type Result } from "../../../x509/result.ts";
import { LineIndex } from "../line-index.ts";
import type { TextFault, TextPosition } from "../text-position.ts";
import type { DataEntry, DataNode } from "./data-node.ts";

/** Deepest nesting that is read. */
const MAX_DEPTH = 100;

/** Most values of one document. */
const MAX_VALUES = 2_000_000;

/** Parses JSON (RFC 8259) with the place of every value. A leading byte order mark is passed over. */
export function parseJson(text: string): Result<DataNode, TextFault> {
  const reader = new JsonReader(text.startsWith("\uFEFF") ? text.slice(1) : text);
  try {
    return ok(reader.document());
  } catch (error) {
    if (error instanceof JsonFault)
      return fail({ position: reader.positionOf(error.offset), message: error.message });
    throw error;
  }
}

/** Ends the reading of a document from any depth; never leaves this file. */
class JsonFault extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/uy;
const BLANK = /[ \t\r\n]*/uy;
const WORDS: readonly (readonly [word: string, value: boolean | null])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

class JsonReader {
  readonly #text: string;
  #offset = 0;
  #values = 0;
  readonly #lines: LineIndex;

  constructor(text: string) {
    this.#text = text;
    this.#lines = new LineIndex(text);
  }

  document(): DataNode {
    const value = this.#value(0);
    this.#blank();
    if (this.#offset < this.#text.length)
      throw new JsonFault("Text stands behind the end of the document", this.#offset);
    return value;
  }

  /** Line and column of an offset. */
  positionOf(offset: number): TextPosition {
    return this.#lines.at(offset);
  }

  #value(depth: number): DataNode {
    this.#blank();
    this.#values += 1;
    if (this.#values > MAX_VALUES)
      throw new JsonFault(`More than ${MAX_VALUES} values`, this.#offset);
    if (depth > MAX_DEPTH)
      throw new JsonFault(`Values are nested deeper than ${MAX_DEPTH} levels`, this.#offset);
    const start = this.#offset;
    const position = this.positionOf(start);
    const sign = this.#text.charAt(start);
    if (sign === "{") return { kind: "map", entries: this.#entries(depth), position };
    if (sign === "[") return { kind: "list", items: this.#items(depth), position };
    if (sign === '"') return { kind: "scalar", value: this.#string(), position };
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, start)) continue;
      this.#offset += word.length;
      return { kind: "scalar", value, position };
    }
    const number = this.#match(NUMBER);
    if (number === null) throw new JsonFault("A value was expected", start);
    return { kind: "scalar", value: Number(number), position };
  }

  #entries(depth: number): ReadonlyMap<string, DataEntry> {
    const entries = new Map<string, DataEntry>();
    this.#offset += 1;
    if (this.#takes("}")) return entries;
    do {
      this.#blank();
      const keyPosition = this.positionOf(this.#offset);
      if (this.#text.charAt(this.#offset) !== '"')
        throw new JsonFault("A key in double quotes was expected", this.#offset);
      const key = this.#string();
      if (!this.#takes(":")) throw new JsonFault('":" was expected', this.#offset);
      entries.set(key, { key, keyPosition, value: this.#value(depth + 1) });
    } while (this.#takes(","));
    if (!this.#takes("}")) throw new JsonFault('"," or "}" was expected', this.#offset);
    return entries;
  }

  #items(depth: number): readonly DataNode[] {
    const items: DataNode[] = [];
    this.#offset += 1;
    if (this.#takes("]")) return items;
    do items.push(this.#value(depth + 1));
    while (this.#takes(","));
    if (!this.#takes("]")) throw new JsonFault('"," or "]" was expected', this.#offset);
    return items;
  }

  /** A text: its end is found here, without a regular expression whose stack a long one would exhaust. */
  #string(): string {
    const start = this.#offset;
    let end = start;
    do end = this.#text.indexOf('"', end + 1);
    while (end >= 0 && isEscaped(this.#text, end));
    if (end < 0) throw new JsonFault("A text has no end", start);
    this.#offset = end + 1;
    const literal = this.#text.slice(start, end + 1);
    if (!/[\\\u0000-\u001F]/u.test(literal)) return literal.slice(1, -1);
    try {
      return String(JSON.parse(literal));
    } catch {
      throw new JsonFault("A text has a wrong escape or a line break", start);
    }
  }

  #takes(sign: string): boolean {
    this.#blank();
    if (this.#text.charAt(this.#offset) !== sign) return false;
    this.#offset += 1;
    return true;
  }

  #blank(): void {
    this.#match(BLANK);
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#offset += found.length;
    return found;
  }
}

/** Whether an odd number of backslashes stands in front of an offset. */
function isEscaped(text: string, offset: number): boolean {
  let count = 0;
  while (text.charAt(offset - 1 - count) === "\\") count += 1;
  return count % 2 === 1;
}
