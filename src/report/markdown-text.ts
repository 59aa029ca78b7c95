import { onScreen } from "./on-screen.ts";

/** Text that no Markdown reader takes for markup: hostile names stay names. */
export function escapeMarkdown(text: string): string {
  return onScreen(text)
    .replaceAll(/[\\`*_[\]#|~<>]/g, "\\$&")
    .replaceAll(/&/g, "&amp;");
}

/** A code span whose fence is longer than any run of backticks in it (CommonMark 6.1). */
export function codeSpan(text: string): string {
  const shown = onScreen(text);
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  const space = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  return `${fence}${space}${shown}${space}${fence}`;
}
