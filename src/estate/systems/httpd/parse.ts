import type { TextFault, TextPosition } from "../text-position.ts";
import { splitWords } from "./words.ts";

/** A word of a directive. */
export interface HttpdWord {
  /** Without quotes. */
  readonly text: string;
  readonly position: TextPosition;
}

/** A directive, or a section such as `<VirtualHost …>` with what is inside. */
export interface HttpdDirective {
  /** As written; names are the same in any case. */
  readonly name: string;
  readonly words: readonly HttpdWord[];
  /** Null for a directive. */
  readonly section: readonly HttpdDirective[] | null;
  readonly position: TextPosition;
}

/** What was read of a file; a section without its end is closed where the file ends. */
export interface HttpdFile {
  readonly directives: readonly HttpdDirective[];
  readonly faults: readonly TextFault[];
}

/** Deepest nesting of sections. */
const MAX_DEPTH = 32;

/** Longest line that httpd reads, continuations included (MAX_STRING_LEN times 2048). */
const MAX_LINE = 16 * 2 ** 20;

/** Most directives of one file. */
const MAX_DIRECTIVES = 200_000;

/** Most faults that are told of one file: after the first, most follow from it. */
const MAX_FAULTS = 20;

interface Frame {
  readonly name: string;
  readonly words: readonly HttpdWord[];
  readonly position: TextPosition;
  readonly inside: HttpdDirective[];
}

/** One logical line: physical lines joined where a backslash ends them (ap_cfg_getline). */
interface LogicalLine {
  readonly text: string;
  /** Start offsets in `text` of each physical line, with the number of that line. */
  readonly parts: readonly { readonly start: number; readonly line: number }[];
}

/**
 * Parses the text of one Apache httpd or IBM HTTP Server configuration file: directives, sections, continued lines,
 * comments. Variables (`${NAME}`) are left as they are written; what is inside `<IfDefine>` and its like is kept in
 * its section, for whoever knows the variables.
 */
export function parseHttpd(text: string): HttpdFile {
  const top: HttpdDirective[] = [];
  const open: Frame[] = [];
  const faults: TextFault[] = [];
  const fault = (position: TextPosition, message: string): void => {
    if (faults.length < MAX_FAULTS) faults.push({ position, message });
  };
  let count = 0;
  for (const line of logicalLines(text.startsWith("\uFEFF") ? text.slice(1) : text)) {
    const indent = /^[\s]*/u.exec(line.text)?.[0].length ?? 0;
    const body = line.text.slice(indent).trimEnd();
    if (body === "" || body.startsWith("#")) continue;
    const position = positionIn(line, indent);
    if (line.text.length > MAX_LINE) {
      fault(position, "Line is longer than httpd reads");
      continue;
    }
    count += 1;
    if (count > MAX_DIRECTIVES) {
      fault(position, `More than ${MAX_DIRECTIVES} directives; the rest is not read`);
      break;
    }
    const inside = open.at(-1)?.inside ?? top;
    if (body.startsWith("</")) {
      closeSection(open, top, body, position, fault);
      continue;
    }
    const opens = body.startsWith("<");
    if (opens && !body.endsWith(">")) fault(position, 'A section does not end with ">"');
    const content = opens ? body.slice(1, body.endsWith(">") ? -1 : undefined) : body;
    const words = splitWords(content).map(({ text: word, offset }) => ({
      text: word,
      position: positionIn(line, indent + (opens ? 1 : 0) + offset),
    }));
    const [name, ...parameters] = words;
    if (name === undefined) {
      fault(position, "A section has no name");
      continue;
    }
    if (!opens) {
      inside.push({ name: name.text, words: parameters, section: null, position });
    } else if (open.length === MAX_DEPTH) {
      fault(position, `Sections are nested deeper than ${MAX_DEPTH} levels`);
      break;
    } else open.push({ name: name.text, words: parameters, position, inside: [] });
  }
  for (const frame of open.toReversed()) {
    fault(frame.position, `Section <${frame.name}> has no end`);
    open.pop();
    (open.at(-1)?.inside ?? top).push(sectionOf(frame));
  }
  return { directives: top, faults };
}

function closeSection(
  open: Frame[],
  top: HttpdDirective[],
  body: string,
  position: TextPosition,
  fault: (position: TextPosition, message: string) => void,
): void {
  const name = body.slice(2).replace(/\s*>$/u, "").trim();
  const frame = open.at(-1);
  if (frame === undefined || frame.name.toLowerCase() !== name.toLowerCase()) {
    fault(position, "The end of a section stands where no such section is open");
    return;
  }
  open.pop();
  (open.at(-1)?.inside ?? top).push(sectionOf(frame));
}

const sectionOf = ({ name, words, position, inside }: Frame): HttpdDirective => ({
  name,
  words,
  section: inside,
  position,
});

function* logicalLines(text: string): Generator<LogicalLine> {
  let joined = "";
  let parts: { start: number; line: number }[] = [];
  let number = 0;
  for (const physical of text.split(/\r\n|\n|\r/u)) {
    number += 1;
    parts.push({ start: joined.length, line: number });
    if (physical.endsWith("\\") && !physical.endsWith("\\\\")) {
      joined += physical.slice(0, -1);
      continue;
    }
    yield { text: joined + physical, parts };
    joined = "";
    parts = [];
  }
  if (joined !== "") yield { text: joined, parts };
}

function positionIn({ parts }: LogicalLine, offset: number): TextPosition {
  const part = parts.findLast(({ start }) => start <= offset) ?? { start: 0, line: 1 };
  return { line: part.line, column: offset - part.start + 1 };
}
