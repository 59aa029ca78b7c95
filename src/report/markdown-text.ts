import { onScreen } from "./on-screen.ts";

/**
 * Text that no Markdown reader takes for markup: hostile names stay names. Also what begins a list, a heading or a rule
 * at the start of a line, and addresses that would become links (GitHub Flavored Markdown 6.9).
 */
export function escapeMarkdown(text: string): string {
  return onScreen(text)
    .replaceAll("&", "&amp;")
    .replaceAll(/[\\`*_[\]#|~<>$]/g, "\\$&")
    .replaceAll("://", ":\\//")
    .replaceAll(/\bwww\./gi, (found) => `${found.slice(0, 3)}\\.`)
    .trimStart()
    .replace(/^(?:[-+=]|\d{1,9}(?=[.)](?:\s|$)))/, (found) =>
      /\d/.test(found) ? `${found}\\` : `\\${found}`,
    );
}

/** A code span whose fence is longer than any run of backticks in it (CommonMark 6.1). */
export function codeSpan(text: string): string {
  // nothing between two backticks is no span, but two backticks
  const shown = text === "" ? " " : onScreen(text);
  const fence = "`".repeat(longestRun(shown) + 1);
  const space = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  return `${fence}${space}${shown}${space}${fence}`;
}

/** A fenced block (CommonMark 4.5), indented as the list item that it belongs to. */
export function codeBlock(lines: readonly string[], language: string, indent = ""): string {
  const shown = lines.map(onScreen);
  const fence = "`".repeat(Math.max(3, longestRun(shown.join("\n")) + 1));
  return [`${fence}${language}`, ...shown, fence].map((line) => `${indent}${line}`).join("\n");
}

/** A row of a table; its cells are text, not markup. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map(escapeMarkdown).join(" | ")} |`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}
