import type { ResultCode } from "./exit-code.ts";

/** How many results came to which code. */
export type Tally = Readonly<Record<ResultCode, number>>;

/** No results yet. */
export const EMPTY_TALLY: Tally = { 0: 0, 1: 0, 2: 0, 3: 0 };

/** A tally with one more result. */
export function tallied(tally: Tally, code: ResultCode): Tally {
  return { ...tally, [code]: tally[code] + 1 };
}

/** Number of results. */
export function totalOf(tally: Tally): number {
  return tally[0] + tally[1] + tally[2] + tally[3];
}

/** `5 results: 2 fine, 3 with a problem`. */
export function tallyText(tally: Tally): string {
  const total = totalOf(tally);
  const parts = [
    [tally[0], "fine"],
    [tally[1], "with a warning"],
    [tally[2], "with a problem"],
    [tally[3], "not checked"],
  ] as const;
  const words = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  const results = `${total} result${total === 1 ? "" : "s"}`;
  return words.length === 0 ? results : `${results}: ${words.join(", ")}`;
}
