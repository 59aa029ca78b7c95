/** Columns of a terminal that reports about stores keep to. */
export const SCREEN_WIDTH = 80;

/** Characters that take two columns: East Asian scripts, full-width forms, emoji (UAX #11, roughly). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/** Columns that a text takes on a terminal. Combining marks take none. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text)
    columns += /\p{M}/u.test(character) ? 0 : character > "\u007f" && WIDE.test(character) ? 2 : 1;
  return columns;
}

/** A text cut to a number of columns, with `…` where something is missing. */
export function cutTo(text: string, columns: number): string {
  if (text.length <= columns && columnsOf(text) <= columns) return text;
  let cut = "";
  let used = 0;
  for (const character of text) {
    const width = columnsOf(character);
    if (used + width > columns - 1) break;
    cut += character;
    used += width;
  }
  return `${cut}…`;
}
