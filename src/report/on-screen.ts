/**
 * Text for a terminal or a log: characters that move the cursor, change colours or the direction of writing
 * (controls, formats, lone surrogates, line and paragraph separators) become U+FFFD. The length is kept.
 */
export function onScreen(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "\ufffd");
}

/** The same for a text of several lines, whose line feeds stay. */
export function linesOnScreen(text: string): string {
  return text.split("\n").map(onScreen).join("\n");
}
