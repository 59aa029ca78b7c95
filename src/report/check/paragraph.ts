import { columnsOf } from "../columns.ts";

/** Words that are compared or copied as a whole: fingerprints, paths and options of a JVM, up to a bound. */
const WHOLE =
  /^(?:(?:[0-9A-Fa-f]{2}:){15,31}[0-9A-Fa-f]{2}|(?:-D[\w.]{1,60}=)?\/[\w.@+~/-]{1,200})[.,;:)]{0,3}$/;

/** Columns that a paragraph keeps, however deep it is indented. */
const LEAST_ROOM = 12;

/**
 * Breaks a text at spaces, and words that are too long anywhere, into lines of at most so many columns. Only
 * what is copied as a whole stays so, on a line of its own.
 * @param lead what stands before the first line; the others are indented by as much
 */
export function paragraph(text: string, lead: string, columns: number): readonly string[] {
  const indent = columnsOf(lead);
  const room = Math.max(LEAST_ROOM, columns - indent);
  const lines: string[] = [];
  let line = "";
  let used = 0;
  const close = (): void => {
    lines.push(line);
    line = "";
    used = 0;
  };
  for (const word of text.split(" ")) {
    for (const [index, piece] of pieces(word, room).entries()) {
      const width = columnsOf(piece);
      const gap = line === "" || index > 0 ? 0 : 1;
      if (line !== "" && (index > 0 || used + gap + width > room)) close();
      line += line === "" ? piece : ` ${piece}`;
      used += (used === 0 ? 0 : 1) + width;
    }
  }
  close();
  return lines.map((each, index) => `${index === 0 ? lead : " ".repeat(indent)}${each}`);
}

/** A word in pieces that fit. */
function pieces(word: string, room: number): readonly string[] {
  if (word.length <= room && columnsOf(word) <= room) return [word];
  if (WHOLE.test(word)) return [word];
  const found: string[] = [];
  let piece = "";
  let used = 0;
  for (const character of word) {
    const width = columnsOf(character);
    if (used + width > room && piece !== "") {
      found.push(piece);
      piece = "";
      used = 0;
    }
    piece += character;
    used += width;
  }
  return [...found, piece];
}
