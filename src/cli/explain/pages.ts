import { CATALOGUE, type CaseId, CASE_IDS, codesOfCase } from "../../diagnosis/catalogue.ts";
import { caseEntry } from "../../diagnosis/explain/cases.ts";
import { FINDING_CODES, type FindingCode } from "../../diagnosis/finding-codes.ts";
import { findingPage } from "../../daemon/finding-page.ts";
import { suggest } from "../../estate/suggest.ts";
import { caseText } from "../../report/explain/case-text.ts";
import { pageText } from "../../report/explain/page-text.ts";
import { SCREEN_WIDTH } from "../../report/columns.ts";
import { wrap } from "../../report/wrap.ts";
import { InputError } from "../input-error.ts";
import { paintFor } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import type { ExplainFormat } from "./options.ts";

/** What `explain CODE`, `explain CASE` and `explain --list` are about. */
export type Page =
  | { readonly kind: "code"; readonly code: FindingCode }
  | { readonly kind: "case"; readonly id: CaseId };

/** The page that a single word names; null when it is a text to be explained. @throws {UsageError} for an unknown code */
export function pageNamed(word: string): Page | null {
  const code = FINDING_CODES.find((each) => each === word.toLowerCase());
  if (code !== undefined) return { kind: "code", code };
  const id = CASE_IDS.find((each) => each === word.toUpperCase());
  if (id !== undefined) return { kind: "case", id };
  if (/^[a-f]\d{1,3}$/i.test(word))
    throw new UsageError(`${word} is no case of the failure catalogue; it has A1 to F11`);
  const group = /^([a-z-]+)\.[a-z-]+$/.exec(word)?.[1];
  const close = suggest(word, FINDING_CODES);
  if (close === null && !FINDING_CODES.some((each) => each.startsWith(`${group ?? ""}.`)))
    return null;
  if (group === undefined && !/^[a-z]+[.-][a-z-]+$/.test(word)) return null;
  const hint = close === null ? "explain --list lists them" : `did you mean ${close}?`;
  throw new UsageError(`No finding has the code ${word}; ${hint}`);
}

/** A page in the format that was asked for. @throws {InputError} when it cannot be read */
export async function renderPage(page: Page, format: ExplainFormat): Promise<string> {
  if (format === "json" || format === "ndjson")
    return `${JSON.stringify(await entryOf(page, true))}\n`;
  const paint = paintFor(process.stdout);
  if (page.kind === "case") {
    const { title, look, remedy } = caseEntry(page.id);
    return format === "text"
      ? caseText(page.id, paint)
      : `# ${page.id}: ${title}\n\n${look}.\n\n${remedy}.\n`;
  }
  const markdown = await pageOf(page.code);
  return format === "text" ? pageText(markdown, paint) : markdown;
}

/** All codes with their titles. */
export async function renderList(format: ExplainFormat): Promise<string> {
  const pages = FINDING_CODES.map((code): Page => ({ kind: "code", code }));
  const paint = paintFor(process.stdout);
  switch (format) {
    case "text":
      return pages
        .map((page) => {
          if (page.kind === "case") return "";
          const lines = wrap(CATALOGUE[page.code].title, "    ", SCREEN_WIDTH);
          return `${paint("bold", page.code)}\n${lines.join("\n")}\n`;
        })
        .join("");
    case "markdown":
      return FINDING_CODES.map((code) => `- \`${code}\`: ${CATALOGUE[code].title}\n`).join("");
    case "ndjson":
      return `${(await entries(pages)).map((entry) => JSON.stringify(entry)).join("\n")}\n`;
    case "json":
      return `${JSON.stringify(await entries(pages))}\n`;
  }
}

const entries = (pages: readonly Page[]): Promise<readonly object[]> =>
  Promise.all(pages.map((page) => entryOf(page, false)));

async function entryOf(page: Page, withText: boolean): Promise<object> {
  if (page.kind === "case") {
    const { id, title, look, remedy } = caseEntry(page.id);
    return {
      kind: "case",
      id,
      title,
      cases: [id],
      codes: codesOfCase(id),
      look,
      remedy,
      page: null,
    };
  }
  const { title, cases } = CATALOGUE[page.code];
  return {
    kind: "code",
    id: page.code,
    title,
    cases,
    codes: [page.code],
    look: null,
    remedy: null,
    page: withText ? await pageOf(page.code) : null,
  };
}

async function pageOf(code: FindingCode): Promise<string> {
  const page = await findingPage(code);
  if (page === null)
    throw new InputError(`The page about ${code} is not installed beside this program`);
  return page;
}
