import type { TextPosition } from "../text-position.ts";

/** A parameter of sm.ini or of a command line in sm.cfg. */
export interface ServiceManagerParameter {
  /** As written; names are the same in any case. */
  readonly name: string;
  /** Null for a bare name, which switches something on. */
  readonly value: string | null;
  readonly position: TextPosition;
  /** Where the value begins; the name's position when there is none. */
  readonly valuePosition: TextPosition;
}

/** One process that sm.cfg starts. */
export interface ServiceManagerCommand {
  /** The line as written, without comment. */
  readonly text: string;
  readonly parameters: readonly ServiceManagerParameter[];
  readonly position: TextPosition;
}

/** Most lines that are read of one file. */
const MAX_LINES = 100_000;

const linesOf = (text: string): readonly string[] =>
  (text.startsWith("\uFEFF") ? text.slice(1) : text).split(/\r\n|\n|\r/u, MAX_LINES);

/** Parses sm.ini: `name:value` or a bare name on each line; `#` begins a comment at the start of a line. */
export function parseServiceManagerIni(text: string): readonly ServiceManagerParameter[] {
  return linesOf(text).flatMap((line, index) => {
    const indent = line.length - line.trimStart().length;
    const body = line.trim();
    return body === "" || body.startsWith("#")
      ? []
      : [parameter(body.replace(/^-/u, ""), index + 1, indent + (body.startsWith("-") ? 2 : 1))];
  });
}

/** Parses sm.cfg: one command on each line, `sm -httpPort:13080 -ssl:1 …`. */
export function parseServiceManagerCfg(text: string): readonly ServiceManagerCommand[] {
  return linesOf(text).flatMap((line, index) => {
    const body = line.trim();
    if (body === "" || body.startsWith("#")) return [];
    const parameters: ServiceManagerParameter[] = [];
    for (const match of line.matchAll(/(?<=^|\s)-([^\s":]+)(?::("[^"]*"|\S*))?/gu)) {
      parameters.push(parameter(match[0].slice(1).replaceAll('"', ""), index + 1, match.index + 2));
    }
    const column = line.length - line.trimStart().length + 1;
    return [{ text: body, parameters, position: { line: index + 1, column } }];
  });
}

function parameter(body: string, line: number, column: number): ServiceManagerParameter {
  const colon = body.indexOf(":");
  const position = { line, column };
  if (colon < 0) return { name: body.trim(), value: null, position, valuePosition: position };
  const value = body.slice(colon + 1);
  const lead = value.length - value.trimStart().length;
  return {
    name: body.slice(0, colon).trim(),
    value: value.trim(),
    position,
    valuePosition: { line, column: column + colon + 1 + lead },
  };
}
