import { LineIndex } from "../line-index.ts";
import { type Place, type Sourced, written } from "../origin.ts";
import type { SourceText } from "../source-reader.ts";

/** A property as it is written. */
export interface Property {
  readonly key: string;
  readonly value: string;
  /** Where its key begins. */
  readonly place: Place;
}

/** Most properties that are read of one file. */
const MAX_PROPERTIES = 100_000;

/**
 * Reads a file by the rules of java.util.Properties.load: `key=value`, `key:value` or `key value`,
 * `#` and `!` comments, a backslash at the end continues the line, `\t \n \r \f \uXXXX` are escapes. In the order written;
 * of a repeated key the last one counts.
 */
export function parseProperties({ file, text }: SourceText): readonly Property[] {
  const lines = new LineIndex(text);
  const found: Property[] = [];
  for (const { start, content } of logicalLines(text)) {
    if (found.length >= MAX_PROPERTIES) break;
    const { key, value } = splitProperty(content);
    found.push({ key, value, place: { file, ...lines.at(start), at: key } });
  }
  return found;
}

/** The last value of a key; null when it is not there. */
export function propertyOf(properties: readonly Property[], key: string): Sourced<string> | null {
  const found = properties.findLast((property) => property.key === key);
  return found === undefined ? null : written(found.value, found.place);
}

interface LogicalLine {
  readonly start: number;
  readonly content: string;
}

function* logicalLines(text: string): Generator<LogicalLine> {
  let pending: { start: number; parts: string[] } | null = null;
  for (const { start, line } of naturalLines(text)) {
    const indent = /^[ \t\f]*/.exec(line)?.[0].length ?? 0;
    const body = line.slice(indent);
    if (pending === null && (body === "" || body.startsWith("#") || body.startsWith("!"))) continue;
    const current: { start: number; parts: string[] } = pending ?? {
      start: start + indent,
      parts: [],
    };
    const backslashes = /\\*$/.exec(body)?.[0].length ?? 0;
    const goesOn = backslashes % 2 === 1;
    current.parts.push(goesOn ? body.slice(0, -1) : body);
    if (goesOn) pending = current;
    else {
      pending = null;
      yield { start: current.start, content: current.parts.join("") };
    }
  }
  if (pending !== null) yield { start: pending.start, content: pending.parts.join("") };
}

/** Lines with the offsets at which they begin, without their ends. */
function* naturalLines(text: string): Generator<{ readonly start: number; readonly line: string }> {
  let start = 0;
  for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) {
    yield { start, line: text.slice(start, index) };
    start = index + end.length;
  }
  yield { start, line: text.slice(start) };
}

function splitProperty(content: string): { readonly key: string; readonly value: string } {
  let end = 0;
  while (end < content.length && !" \t\f=:".includes(content.charAt(end)))
    end += content.charAt(end) === "\\" ? 2 : 1;
  const rest = content.slice(end).replace(/^[ \t\f]*[=:]?[ \t\f]*/, "");
  return { key: unescape(content.slice(0, end)), value: unescape(rest) };
}

const ESCAPES: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", f: "\f" };

/** A malformed `\u` stays as written: java.util.Properties would refuse the whole file. */
const unescape = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_all, code?: string, character?: string) =>
    code === undefined
      ? (ESCAPES[character ?? ""] ?? character ?? "")
      : String.fromCharCode(Number.parseInt(code, 16)),
  );
