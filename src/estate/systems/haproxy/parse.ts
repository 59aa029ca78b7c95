import type { TextFault, TextPosition } from "../text-position.ts";

/** A word of a line. */
export interface HaproxyWord {
  /** Without quotes and escapes; `${NAME}` and `$NAME` as written. */
  readonly text: string;
  /** Whether it holds a variable of the environment, which only double quotes expand. */
  readonly hasVariable: boolean;
  readonly position: TextPosition;
}

/** A line: keyword and parameters. */
export interface HaproxyLine {
  readonly keyword: string;
  readonly words: readonly HaproxyWord[];
  readonly position: TextPosition;
}

/** A section: `frontend NAME` and its like. */
export interface HaproxySection {
  /** `global`, `defaults`, `frontend`, `backend`, `listen`, … */
  readonly kind: string;
  /** Empty where a section has none. */
  readonly name: string;
  /** The `defaults` section that it names with `from`; null: the last one in front of it. */
  readonly from: string | null;
  readonly lines: readonly HaproxyLine[];
  readonly position: TextPosition;
}

/** What was read of a file. */
export interface HaproxyFile {
  readonly sections: readonly HaproxySection[];
  readonly faults: readonly TextFault[];
}

/** Keywords that begin a section (HAProxy 3.0, section 2 and those that other sections add). */
const SECTIONS: ReadonlySet<string> = new Set([
  "global",
  "defaults",
  "frontend",
  "backend",
  "listen",
  "userlist",
  "peers",
  "mailers",
  "resolvers",
  "ring",
  "log-forward",
  "log-profile",
  "cache",
  "program",
  "http-errors",
  "fcgi-app",
  "crt-store",
  "traces",
  "acme",
]);

/** Most lines of one file. */
const MAX_LINES = 500_000;

/** Parses haproxy.cfg: sections, quotes, escapes, comments. Faults are told; the rest is read. */
export function parseHaproxy(text: string): HaproxyFile {
  const sections: { -readonly [K in keyof HaproxySection]: HaproxySection[K] }[] = [];
  const faults: TextFault[] = [];
  let lines: HaproxyLine[] = [];
  const physical = (text.startsWith("\uFEFF") ? text.slice(1) : text).split(/\r\n|\n|\r/u);
  for (const [index, raw] of physical.entries()) {
    if (index >= MAX_LINES) {
      faults.push({
        position: { line: index + 1, column: 1 },
        message: `More than ${MAX_LINES} lines; the rest is not read`,
      });
      break;
    }
    const split = splitLine(raw, index + 1);
    if (split.fault !== null) faults.push(split.fault);
    const [keyword, ...words] = split.words;
    if (keyword === undefined) continue;
    const { text: name, position } = keyword;
    if (SECTIONS.has(name)) {
      lines = [];
      const from = words.findIndex((word) => word.text === "from");
      sections.push({
        kind: name,
        name: from === 0 ? "" : (words[0]?.text ?? ""),
        from: from < 0 ? null : (words[from + 1]?.text ?? null),
        lines,
        position,
      });
    } else if (sections.length === 0) {
      if (!name.startsWith("."))
        faults.push({ position, message: "A line stands in front of the first section" });
    } else lines.push({ keyword: name, words, position });
  }
  return { sections, faults };
}

interface SplitLine {
  readonly words: readonly HaproxyWord[];
  readonly fault: TextFault | null;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** Splits a line as parse_line does: strong quotes keep everything, weak quotes expand variables, `#` ends the line. */
function splitLine(raw: string, line: number): SplitLine {
  const words: HaproxyWord[] = [];
  let offset = 0;
  const at = (column: number): TextPosition => ({ line, column: column + 1 });
  while (offset < raw.length) {
    const character = raw.charAt(offset);
    if (isSpace(character)) {
      offset += 1;
      continue;
    }
    if (character === "#") break;
    const word = readWord(raw, offset);
    if (word === null)
      return { words, fault: { position: at(offset), message: "A quote has no end" } };
    words.push({ text: word.text, hasVariable: word.hasVariable, position: at(offset) });
    offset = word.end;
  }
  return { words, fault: null };
}

function readWord(
  raw: string,
  start: number,
): { readonly text: string; readonly hasVariable: boolean; readonly end: number } | null {
  let text = "";
  let hasVariable = false;
  let quote = "";
  let offset = start;
  for (; offset < raw.length; offset += 1) {
    const character = raw.charAt(offset);
    if (quote === "" && (isSpace(character) || character === "#")) break;
    if (quote === "'" ? character === "'" : character === '"') {
      quote = quote === "" ? character : "";
    } else if (quote === "" && character === "'") {
      quote = character;
    } else if (quote !== "'" && character === "\\") {
      offset += 1;
      const escaped = raw.charAt(offset);
      text += ESCAPES.get(escaped) ?? escaped;
    } else {
      if (quote === '"' && character === "$") hasVariable = true;
      text += character;
    }
  }
  return quote === "" ? { text, hasVariable, end: offset } : null;
}

const isSpace = (character: string): boolean => character === " " || character === "\t";
