import { isCommand } from "../commands.ts";
import { codeBlock, codeSpan, escapeMarkdown, tableRow } from "../markdown-text.ts";
import type { Block } from "./block.ts";

/** A report as Markdown, for tickets and wikis. */
export function documentMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(blockText).join("\n\n")}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `${"#".repeat(block.level)} ${escapeMarkdown(block.text)}`;
    case "paragraph":
      return block.tone === "bad"
        ? `**${escapeMarkdown(block.text)}**`
        : escapeMarkdown(block.text);
    case "table":
      return [
        tableRow(block.columns),
        `|${"---|".repeat(block.columns.length)}`,
        ...block.rows.map(tableRow),
      ].join("\n");
    case "list":
      return block.items
        .map(
          (item, index) =>
            `${block.ordered ? `${index + 1}.` : "-"} ${isCommand(item) ? codeSpan(item) : escapeMarkdown(item)}`,
        )
        .join("\n");
    case "code":
      return codeBlock(block.lines, "");
  }
}
