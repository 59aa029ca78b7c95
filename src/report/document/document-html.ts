import { isCommand } from "../commands.ts";
import { escapeHtml } from "../html/escape-html.ts";
import { FOOT, head } from "../html/page.ts";
import type { Block, Tone } from "./block.ts";

/** Classes of the style sheet. */
const CLASSES: Readonly<Record<Tone, string>> = {
  good: "state works",
  warning: "state warning",
  bad: "state broken",
  soft: "soft",
};

/** A report as one HTML file that needs nothing else. */
export function documentHtml(title: string, blocks: readonly Block[]): string {
  return `${head(title)}${blocks.map(blockHtml).join("\n")}\n${FOOT}`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `<h${block.level}>${escapeHtml(block.text)}</h${block.level}>`;
    case "paragraph":
      return block.tone === undefined
        ? `<p>${escapeHtml(block.text)}</p>`
        : block.tone === "soft"
          ? `<p class="soft">${escapeHtml(block.text)}</p>`
          : `<p class="lead"><span class="${block.tone === "bad" ? "broken" : block.tone === "good" ? "works" : "warning"}">${escapeHtml(block.text)}</span></p>`;
    case "table": {
      const heads = block.columns.map((column) => `<th>${escapeHtml(column)}</th>`).join("");
      const rows = block.rows.map((cells, row) => rowHtml(cells, block.tones?.[row]));
      return `<div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>\n${rows.join("\n")}\n</tbody></table></div>`;
    }
    case "list": {
      const tag = block.ordered ? "ol" : "ul";
      return `<${tag}>${block.items.map((item) => `<li>${itemHtml(item)}</li>`).join("")}</${tag}>`;
    }
    case "code":
      return `<pre>${escapeHtml(block.lines.join("\n"))}</pre>`;
  }
}

function itemHtml(item: string): string {
  const text = escapeHtml(item);
  return isCommand(item) ? `<code>${text}</code>` : text;
}

function rowHtml([first = "", ...others]: readonly string[], tone: Tone | undefined): string {
  const lead =
    tone === undefined || tone === "soft"
      ? escapeHtml(first)
      : `<span class="${CLASSES[tone]}">${escapeHtml(first)}</span>`;
  return `<tr><td>${lead}</td>${others.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`;
}
