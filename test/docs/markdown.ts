import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the repository. */
export const repository = fileURLToPath(new URL("../..", import.meta.url));

/** A block between fences. */
export interface Fence {
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

/** A Markdown page of the documentation. */
export interface Page {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
  readonly fences: readonly Fence[];
  /** The page without its fenced blocks; line numbers stay. */
  readonly prose: string;
  readonly headings: readonly { readonly level: number; readonly title: string }[];
}

/** Reads a page; `path` is relative to the repository. */
export function readPage(path: string): Page {
  const text = readFileSync(join(repository, path), "utf8");
  const fences: Fence[] = [];
  const prose: string[] = [];
  let open: { language: string; line: number; indent: string; lines: string[] } | null = null;
  for (const [index, line] of text.split("\n").entries()) {
    const fence = /^( *)```(.*)$/.exec(line);
    if (open !== null) {
      prose.push("");
      if (fence !== null && fence[2] === "") {
        fences.push({ language: open.language, text: open.lines.join("\n"), line: open.line });
        open = null;
      } else open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
      continue;
    }
    if (fence === null) prose.push(line);
    else {
      prose.push("");
      open = { language: fence[2] ?? "", line: index + 1, indent: fence[1] ?? "", lines: [] };
    }
  }
  if (open !== null) throw new Error(`${path}:${open.line}: The block is not closed`);
  const headings = prose.flatMap((line) => {
    const [, marks = "", title = ""] = /^(#+) (.+)$/.exec(line) ?? [];
    return marks === "" ? [] : [{ level: marks.length, title }];
  });
  return { path, text, fences, prose: prose.join("\n"), headings };
}

const markdownIn = (folder: string): readonly string[] =>
  readdirSync(join(repository, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name}`);

/** Names of the pages about findings, without `.md`. */
export const findingPages: readonly string[] = readdirSync(join(repository, "docs/findings"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => name.slice(0, -3));

/** Every page of the user guide, and the README of the repository. */
export const pages: readonly Page[] = [
  "README.md",
  ...markdownIn("docs"),
  ...markdownIn("docs/findings"),
].map(readPage);

/** Rows of every table of a text as trimmed cells, without header rows and rulers. */
export function tableRows(text: string): readonly (readonly string[])[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const isRow = line.startsWith("|") && !isRuler(line) && !isRuler(lines[index + 1] ?? "");
    return isRow
      ? [
          line
            .slice(1, -1)
            .split("|")
            .map((cell) => cell.trim()),
        ]
      : [];
  });
}

const isRuler = (line: string): boolean => /^\|[-|: ]+\|$/.test(line);

/** The part of a page below a heading of level 2, up to the next one; empty where there is none. */
export function section(page: Page, title: string): string {
  const [, ...parts] = page.prose.split(/^## /m);
  return parts.find((part) => part.startsWith(`${title}\n`)) ?? "";
}
