import { fail, ok, type Result } from "../../../x509/result.ts";
import { TextCursor, type TextFault, type TextPosition } from "../text-position.ts";
import { nextToken, type NginxWord } from "./words.ts";

/** A directive with its parameters and, for `server { … }` and its like, what is inside. */
export interface NginxDirective {
  readonly name: string;
  readonly words: readonly NginxWord[];
  /** Null for a directive that ends with a semicolon. */
  readonly block: readonly NginxDirective[] | null;
  readonly position: TextPosition;
}

/** What was read of a file: the directives before a fault, and the fault. */
export interface NginxFile {
  readonly directives: readonly NginxDirective[];
  /** Why reading ended early; null when the whole file was read. */
  readonly fault: TextFault | null;
}

/** Deepest nesting of blocks; real files have five levels. */
const MAX_DEPTH = 32;

/** Most directives of one file. */
const MAX_DIRECTIVES = 200_000;

interface Frame {
  readonly name: string;
  readonly words: readonly NginxWord[];
  readonly position: TextPosition;
  readonly inside: NginxDirective[];
}

/** Parses the text of one nginx configuration file. A fault ends it; what stands before is kept. */
export function parseNginx(text: string): NginxFile {
  const cursor = new TextCursor(text.startsWith("\uFEFF") ? text.slice(1) : text);
  const top: NginxDirective[] = [];
  const open: Frame[] = [];
  let count = 0;
  for (;;) {
    const inside = open.at(-1)?.inside ?? top;
    const step = statement(cursor);
    const stop = (fault: TextFault): NginxFile => {
      close(open, top, 0);
      return { directives: top, fault };
    };
    if (!step.ok) return stop(step.error);
    if (step.value.kind === "end") {
      const unclosed = open.at(-1);
      return unclosed === undefined
        ? { directives: top, fault: null }
        : stop({ position: unclosed.position, message: `Block "${unclosed.name}" has no end` });
    }
    if (step.value.kind === "close") {
      if (open.length === 0)
        return stop({ position: step.value.position, message: "A brace closes no block" });
      close(open, top, open.length - 1);
      continue;
    }
    count += 1;
    if (count > MAX_DIRECTIVES)
      return stop({
        position: step.value.position,
        message: `More than ${MAX_DIRECTIVES} directives`,
      });
    const { name, words, position, opens } = step.value;
    if (!opens) inside.push({ name, words, block: null, position });
    else if (name.endsWith("_by_lua_block")) {
      const skipped = skipProgram(cursor, position);
      if (!skipped.ok) return stop(skipped.error);
      inside.push({ name, words, block: [], position });
    } else if (open.length === MAX_DEPTH)
      return stop({ position, message: `Blocks are nested deeper than ${MAX_DEPTH} levels` });
    else open.push({ name, words, position, inside: [] });
  }
}

/** Closes the open blocks down to a depth. */
function close(open: Frame[], top: NginxDirective[], depth: number): void {
  while (open.length > depth) {
    const frame = open.pop();
    if (frame === undefined) return;
    const { name, words, position, inside } = frame;
    (open.at(-1)?.inside ?? top).push({ name, words, block: inside, position });
  }
}

type Statement =
  | { readonly kind: "end" }
  | { readonly kind: "close"; readonly position: TextPosition }
  | {
      readonly kind: "directive";
      readonly name: string;
      readonly words: readonly NginxWord[];
      readonly position: TextPosition;
      readonly opens: boolean;
    };

/** Reads up to the sign that ends a directive or a block. */
function statement(cursor: TextCursor): Result<Statement, TextFault> {
  const words: NginxWord[] = [];
  for (;;) {
    const token = nextToken(cursor);
    if (!token.ok) return token;
    const [name, ...parameters] = words;
    if (token.value === null) {
      return name === undefined
        ? ok({ kind: "end" })
        : fail({ position: name.position, message: "A directive does not end with a semicolon" });
    }
    const { kind, position } = token.value;
    if (kind === "word") {
      words.push(token.value);
      continue;
    }
    if (kind === "}" && name === undefined) return ok({ kind: "close", position });
    if (name === undefined)
      return fail({ position, message: `"${kind}" stands where a directive begins` });
    if (kind === "}")
      return fail({
        position: name.position,
        message: "A directive does not end with a semicolon",
      });
    return ok({
      kind: "directive",
      name: name.text,
      words: parameters,
      position: name.position,
      opens: kind === "{",
    });
  }
}

/** Steps over a program in another language up to the brace that closes it. */
function skipProgram(cursor: TextCursor, position: TextPosition): Result<null, TextFault> {
  let depth = 1;
  while (!cursor.done) {
    const character = cursor.next();
    if (character === "{") depth += 1;
    else if (character === "}") depth -= 1;
    if (depth === 0) return ok(null);
  }
  return fail({ position, message: "A block of Lua has no end" });
}
