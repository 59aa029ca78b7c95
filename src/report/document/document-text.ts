import { columnsOf, cutTo } from "../columns.ts";
import { isCommand } from "../commands.ts";
import { onScreen } from "../on-screen.ts";
import type { Paint, Style } from "../paint.ts";
import { wrap } from "../wrap.ts";
import type { Block, Tone } from "./block.ts";

/** How text is shown. */
export interface TextOptions {
  readonly paint: Paint;
  /** Columns that it fills at most; tables may be wider where their last column is long. */
  readonly columns: number;
}

const STYLES: Readonly<Record<Tone, Style>> = {
  good: "green",
  warning: "yellow",
  bad: "red",
  soft: "dim",
};

/** Widest that a column of a table gets, the last one aside. */
const MAX_COLUMN = 48;

/** A report for a terminal. */
export function documentText(blocks: readonly Block[], options: TextOptions): string {
  return `${blocks
    .map((block) => blockLines(block, options).join("\n"))
    .join("\n\n")
    .replaceAll(/\n\n(?= {2})/g, "\n")}\n`;
}

function blockLines(block: Block, { paint, columns }: TextOptions): readonly string[] {
  switch (block.kind) {
    case "heading":
      return wrap(onScreen(block.text), "", columns).map((line) => paint("bold", line));
    case "paragraph": {
      const lines = wrap(onScreen(block.text), "", columns);
      const { tone } = block;
      return tone === undefined ? lines : lines.map((line) => paint(STYLES[tone], line));
    }
    case "table":
      return tableLines(block, { paint, columns });
    case "list":
      return block.items.flatMap((item, index) => {
        const lead = block.ordered ? `  ${index + 1}. ` : "  - ";
        const text = onScreen(item);
        // commands stay on one line, to be copied
        return isCommand(text) ? [`${lead}${paint("cyan", text)}`] : wrap(text, lead, columns);
      });
    case "code":
      return block.lines.map((line) => `  ${onScreen(line)}`);
  }
}

function tableLines(
  { columns: heads, rows, tones }: Extract<Block, { kind: "table" }>,
  { paint, columns }: TextOptions,
): readonly string[] {
  const cells = rows.map((row) => row.map(onScreen));
  const widths = heads.map((head, at) =>
    Math.min(MAX_COLUMN, Math.max(...[head, ...cells.map((row) => row[at] ?? "")].map(columnsOf))),
  );
  const last = heads.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + 2, 2);
  const room = Math.max(24, columns - before);
  const padded = (text: string, width: number): string => {
    const cut = cutTo(text, width);
    return cut + " ".repeat(Math.max(0, width - columnsOf(cut)));
  };
  const line = (row: readonly string[]): readonly string[] => {
    const lead = row
      .slice(0, last)
      .map((cell, at) => `${padded(cell, widths[at] ?? 0)}  `)
      .join("");
    const [first = "", ...others] = wrap(row[last] ?? "", "", room);
    return [`  ${lead}${first}`.trimEnd(), ...others.map((rest) => `${" ".repeat(before)}${rest}`)];
  };
  return [
    ...line(heads).map((each) => paint("dim", each)),
    ...cells.flatMap((row, index) => {
      const tone = tones?.[index];
      const [first = "", ...others] = line(row);
      return [tone === undefined ? first : paint(STYLES[tone], first), ...others];
    }),
  ];
}
