import { fail, ok, type Result } from "../../../x509/result.ts";
import type { TextCursor, TextFault, TextPosition } from "../text-position.ts";

/** A word of a configuration. */
export interface NginxWord {
  readonly kind: "word";
  /** Without quotes and escapes. */
  readonly text: string;
  readonly position: TextPosition;
}

/** A word, or one of the three signs that order them. */
export type NginxToken =
  | NginxWord
  | { readonly kind: "{" | "}" | ";"; readonly position: TextPosition };

/** Longest word that nginx itself reads (NGX_CONF_BUFFER). */
const MAX_WORD = 4096;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["t", "\t"],
  ["r", "\r"],
  ["n", "\n"],
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
]);

const isSpace = (character: string): boolean => character !== "" && " \t\r\n".includes(character);

/**
 * Reads the next token as ngx_conf_read_token does: `#` begins a comment only where a word could begin, `${` is part of
 * a word, and a quoted word has to be followed by a space or a sign. Null at the end.
 */
export function nextToken(cursor: TextCursor): Result<NginxToken | null, TextFault> {
  skipBlank(cursor);
  if (cursor.done) return ok(null);
  const { position } = cursor;
  const sign = cursor.peek();
  if (sign === "{" || sign === "}" || sign === ";") {
    cursor.next();
    return ok({ kind: sign, position });
  }
  const word = sign === '"' || sign === "'" ? quotedWord(cursor) : plainWord(cursor);
  if (!word.ok) return word;
  return word.value.length > MAX_WORD
    ? fail({ position, message: `Word is longer than the ${MAX_WORD} characters that nginx reads` })
    : ok({ kind: "word", text: word.value, position });
}

function skipBlank(cursor: TextCursor): void {
  for (;;) {
    while (isSpace(cursor.peek())) cursor.next();
    if (cursor.peek() !== "#") return;
    while (!cursor.done && cursor.peek() !== "\n") cursor.next();
  }
}

function plainWord(cursor: TextCursor): Result<string, TextFault> {
  let text = "";
  let before = "";
  while (!cursor.done) {
    const character = cursor.peek();
    if (isSpace(character) || character === ";") break;
    if (character === "{" && before !== "$") break;
    text += character === "\\" ? escaped(cursor) : cursor.next();
    before = character;
  }
  return ok(text);
}

function quotedWord(cursor: TextCursor): Result<string, TextFault> {
  const { position } = cursor;
  const quote = cursor.next();
  let text = "";
  while (!cursor.done) {
    const character = cursor.peek();
    if (character === quote) {
      cursor.next();
      const behind = cursor.peek();
      return behind === "" || isSpace(behind) || ";{)".includes(behind)
        ? ok(text)
        : fail({ position: cursor.position, message: "A quoted word is followed by other text" });
    }
    text += character === "\\" ? escaped(cursor) : cursor.next();
  }
  return fail({ position, message: "A quoted word has no end" });
}

/** What a backslash and the character behind it stand for; an unknown pair stands for itself. */
function escaped(cursor: TextCursor): string {
  const backslash = cursor.next();
  if (cursor.done) return backslash;
  const character = cursor.next();
  return ESCAPES.get(character) ?? backslash + character;
}
