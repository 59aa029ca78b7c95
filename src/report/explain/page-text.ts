import { SCREEN_WIDTH } from "../columns.ts";
import { onScreen } from "../on-screen.ts";
import type { Paint } from "../paint.ts";
import { wrap } from "../wrap.ts";

/** A page of the documentation for a terminal, at most 80 columns wide, commands aside. */
export function pageText(markdown: string, paint: Paint): string {
  const lines: string[] = [];
  let paragraph: string[] = [];
  let lead = "";
  let inFence = false;
  const flush = (): void => {
    if (paragraph.length > 0) lines.push(...wrap(plain(paragraph.join(" ")), lead, SCREEN_WIDTH));
    paragraph = [];
    lead = "";
  };
  for (const line of markdown.split("\n")) {
    const fence = /^\s*```/.test(line);
    if (fence || inFence) {
      flush();
      if (fence) inFence = !inFence;
      else lines.push(`    ${paint("cyan", onScreen(line.trim()))}`);
      continue;
    }
    const heading = /^(#{1,3}) (.*)$/.exec(line);
    const item = /^(\s{0,6})([-*]|\d{1,2}\.) (.*)$/.exec(line);
    if (heading !== null) {
      flush();
      lines.push(paint("bold", plain(heading[2] ?? "")));
    } else if (line.startsWith("|")) {
      flush();
      lines.push(...rowLines(line, paint));
    } else if (item !== null) {
      flush();
      lead = `${item[1] ?? ""}${item[2] ?? ""} `;
      paragraph = [item[3] ?? ""];
    } else if (line.startsWith("<!--")) flush();
    else if (line.trim() === "") {
      flush();
      if (lines.at(-1) !== "") lines.push("");
    } else paragraph.push(line.trim());
  }
  flush();
  while (lines.at(-1) === "") lines.pop();
  return `${lines.join("\n")}\n`;
}

/** A row of a table: its first cell, and the others below it where they do not fit beside it. */
function rowLines(row: string, paint: Paint): readonly string[] {
  const cells = row
    .replaceAll("\\|", "\u0001")
    .split("|")
    .slice(1, -1)
    .map((cell) => plain(cell.trim()).replaceAll("\u0001", "|"));
  if (cells.every((cell) => /^:?-+:?$/.test(cell))) return [];
  const [first = "", ...others] = cells;
  const line = `  ${[first, ...others].join("  ·  ")}`;
  if (line.length <= SCREEN_WIDTH) return [line];
  return [
    `  ${paint("dim", first)}`,
    ...others.flatMap((cell) => wrap(cell, "      ", SCREEN_WIDTH)),
  ];
}

/** Text without the marks of Markdown; a link to a page of another code keeps its title. */
function plain(text: string): string {
  return onScreen(
    text.replaceAll(/\[([^\]]{0,200})\]\([^)]{0,200}\)/g, "$1").replaceAll(/\*\*|`/g, ""),
  );
}
