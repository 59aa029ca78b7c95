/** Splits a command line as a POSIX shell would; ends at a pipe, a redirection or a separator. */
export function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? "";
    if (quote !== null) {
      if (character === quote) quote = null;
      else word = (word ?? "") + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (character === " ") {
      if (word !== null) words.push(word);
      word = null;
    } else if (/[|<>;&#]/.test(character) && (word === null || character !== "#")) {
      break;
    } else word = (word ?? "") + character;
  }
  if (quote !== null) throw new Error(`Quote ${quote} is not closed: ${line}`);
  if (word !== null) words.push(word);
  return words;
}

/** Command lines of a shell block: continued lines joined, pipes and lists split. */
export function commandLines(block: string): readonly string[] {
  return block
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .flatMap((line) => line.split(/ \| | && | \|\| /))
    .map((line) => line.trim());
}
