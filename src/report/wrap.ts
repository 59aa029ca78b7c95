/** Columns that text output fills at most, commands and long words aside. */
const WIDTH = 96;

/**
 * Breaks a text at spaces into lines of at most 96 columns.
 * @param lead what stands before the first line; the others are indented by as much
 * @param width columns to fill instead
 */
export function wrap(text: string, lead: string, width: number = WIDTH): readonly string[] {
  const lines: string[] = [];
  const room = width - lead.length;
  let line: string | null = null;
  for (const word of text.split(" ")) {
    if (line !== null && line.length + word.length + 1 > room) {
      lines.push(line);
      line = word;
    } else line = line === null ? word : `${line} ${word}`;
  }
  const indent = " ".repeat(lead.length);
  return [...lines, line ?? ""].map((each, index) => `${index === 0 ? lead : indent}${each}`);
}
