import { columnsOf, cutTo } from "../columns.ts";
import { escapeHtml } from "./escape-html.ts";
import { onScreen } from "../on-screen.ts";

/** Pixels that one column of the drawings' type takes at most. */
const COLUMN = 7.4;

/** Text of a drawing, cut to a width in pixels; the whole text is its tooltip. */
export function svgText(
  text: string,
  {
    x,
    y,
    width,
    style = "",
    anchor = "start",
  }: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly style?: string;
    readonly anchor?: "start" | "middle" | "end";
  },
): string {
  const shown = onScreen(text);
  const cut = cutTo(shown, Math.max(3, Math.floor(width / COLUMN)));
  const title = cut === shown ? "" : `<title>${escapeHtml(shown)}</title>`;
  const anchored = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return `<text x="${x}" y="${y}"${anchored}${style === "" ? "" : ` class="${style}"`}>${escapeHtml(cut)}${title}</text>`;
}

/** Pixels that a text takes at most. */
export function widthOf(text: string): number {
  return Math.ceil(columnsOf(text) * COLUMN);
}
