import { DIALOG_LIMITS } from "./limits.ts";

/** What a peer said, as one bounded line of printable ASCII: every other byte is written as `\xhh`. */
export function printable(words: string): string {
  const limit = DIALOG_LIMITS.shownLength;
  const shown = words
    .slice(0, limit)
    .trim()
    .replaceAll(/[^\x20-\x7e]/g, escaped);
  return words.length > limit || shown.length > limit ? `${shown.slice(0, limit - 1)}…` : shown;
}

function escaped(character: string): string {
  return `\\x${((character.codePointAt(0) ?? 0) & 0xff).toString(16).padStart(2, "0")}`;
}
