const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A text without characters that move the cursor or change the direction of writing: they are spelt out. */
export function printable(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xff_ff
      ? `\\u{${code.toString(16)}}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** A text in double quotes as a message may show it: at most 60 characters, printable. */
export function quoted(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return printable(JSON.stringify(shown.toWellFormed()));
}
