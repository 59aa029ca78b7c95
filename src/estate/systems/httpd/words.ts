/** A word with its offset in the text. */
export interface SplitWord {
  readonly text: string;
  readonly offset: number;
}

/**
 * Splits the words of a directive as ap_getword_conf does: a word that begins with a quote ends at the same quote, and a
 * backslash in front of that quote or of another backslash is dropped. A quote inside a word is an ordinary character.
 */
export function splitWords(text: string): readonly SplitWord[] {
  const words: SplitWord[] = [];
  let offset = 0;
  while (offset < text.length) {
    if (isSpace(text.charAt(offset))) {
      offset += 1;
      continue;
    }
    const quote = text.charAt(offset);
    const start = offset;
    if (quote !== '"' && quote !== "'") {
      while (offset < text.length && !isSpace(text.charAt(offset))) offset += 1;
      words.push({ text: text.slice(start, offset), offset: start });
      continue;
    }
    offset += 1;
    let word = "";
    while (offset < text.length && text.charAt(offset) !== quote) {
      const behind = text.charAt(offset + 1);
      if (text.charAt(offset) === "\\" && (behind === quote || behind === "\\")) offset += 1;
      word += text.charAt(offset);
      offset += 1;
    }
    offset += 1;
    words.push({ text: word, offset: start });
  }
  return words;
}

const isSpace = (character: string): boolean => /\s/u.test(character);
