import type { Extract } from "./pattern.ts";

/** Longest fact in characters; what is longer is none. */
export const MAX_FACT = 512;

/** Characters that may stand before a value. */
const OPENING = " \t\n'\"`[({<=:‘“";
const QUOTES: ReadonlyMap<string, string> = new Map([
  ["'", "'"],
  ['"', '"'],
  ["`", "'"],
  ["‘", "’"],
  ["“", "”"],
]);

/** The fact at the beginning of a text that follows the extract's needle; null when there is none. */
export function factAt(text: string, { shape, before }: Extract): string | null {
  switch (shape) {
    case "text":
      return untilText(text, before);
    case "path":
      return before.length > 0 ? untilText(text, before) : pathAt(text);
    case "number":
      return take(skipOpening(text), isDigit, 10);
    case "word":
      return take(skipOpening(text), isWordCharacter, 128);
    case "time":
      return take(skipOpening(text), isTimeCharacter, 40)?.replace(/[.,:]+$/, "") ?? null;
    case "host":
    case "url":
      return placeAt(text);
  }
}

function untilText(text: string, before: readonly string[]): string | null {
  const lower = text.toLowerCase();
  let end = -1;
  for (const each of before) {
    const at = lower.indexOf(each.toLowerCase());
    if (at >= 0 && (end < 0 || at < end)) end = at;
  }
  if (end < 0) end = text.indexOf("\n") >= 0 ? text.indexOf("\n") : text.length;
  const value = trimmed(text.slice(0, end));
  return value === "" || value.length > MAX_FACT ? null : value;
}

/** A file name: in quotes with whatever stands there, else up to white space, a comma or a semicolon. */
function pathAt(text: string): string | null {
  const start = text.trimStart();
  const closing = QUOTES.get(start[0] ?? "");
  if (closing !== undefined) {
    const end = start.indexOf(closing, 1);
    return end > 1 && end <= MAX_FACT ? start.slice(1, end) : null;
  }
  const path = take(start, (character) => !/[\s,;"'<>|]/.test(character), MAX_FACT);
  return path?.replace(/[.:)\]]+$/, "") || null;
}

/** `host`, `host:port` or `[v6]:port`. */
function placeAt(text: string): string | null {
  let from = 0;
  while (from < 4 && " \t'\"`(<=‘“".includes(text[from] ?? "-")) from++;
  const rest = text.slice(from);
  if (rest.startsWith("[")) {
    const end = rest.indexOf("]");
    if (
      end > 1 &&
      end < 50 &&
      /^[0-9a-f:.%]+$/i.test(rest.slice(1, end)) &&
      rest.slice(1, end).includes(":")
    )
      return rest.slice(0, end + 1) + (/^:\d{1,5}/.exec(rest.slice(end + 1))?.[0] ?? "");
    return placeAt(rest.slice(1));
  }
  const host = take(rest, isHostCharacter, 254)?.replace(/[.-]+$/, "");
  if (host === undefined || !/^[a-z0-9_*]/i.test(host) || text.startsWith("(nil)")) return null;
  return host + (/^:\d{1,5}(?!\d)/.exec(rest.slice(host.length))?.[0] ?? "");
}

function skipOpening(text: string): string {
  let at = 0;
  while (at < 8 && OPENING.includes(text[at] ?? "-")) at++;
  return text.slice(at);
}

function take(text: string, fits: (character: string) => boolean, limit: number): string | null {
  let at = 0;
  while (at < text.length && at <= limit && fits(text[at] ?? "")) at++;
  return at === 0 || at > limit ? null : text.slice(0, at);
}

const trimmed = (text: string): string =>
  text.replace(/^[\s'"`‘“]{1,8}/, "").replace(/[\s'"`’”]{1,8}$/, "");

const isDigit = (character: string): boolean => character >= "0" && character <= "9";
const isWordCharacter = (character: string): boolean => /[\w.$-]/.test(character);
const isHostCharacter = (character: string): boolean => /[\w.*-]/.test(character);
const isTimeCharacter = (character: string): boolean => /[\w:.+-]/.test(character);
