import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { type Explanation, explainText as explanationOf } from "../../diagnosis/explain/explain.ts";
import { formatProblem } from "../../estate/estate.ts";
import type { Estate } from "../../estate/estate.ts";
import { loadEstate } from "../../estate/load-estate.ts";
import { explainMarkdown } from "../../report/explain/explain-markdown.ts";
import { explainDocument, explainRecord } from "../../report/explain/explain-record.ts";
import type { ExplainResult, ProblemResult } from "../../report/explain/explain-result.ts";
import { explainText } from "../../report/explain/explain-text.ts";
import { type ResultCode, worse } from "../../report/exit-code.ts";
import { InputError } from "../input-error.ts";
import { paintFor, write } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import { decide } from "./decide.ts";
import { findLink } from "../../estate/find-link.ts";
import type { ExplainOptions } from "./options.ts";
import { pageNamed, renderList, renderPage } from "./pages.ts";
import { explainStream } from "./read-text.ts";

/** Most links that --check asks: a log names many, and each handshake takes its time. */
const MAX_CHECKS = 16;

/** Runs `explain`; resolves to the exit code. @throws {UsageError} @throws {InputError} */
export async function runExplain(
  words: readonly string[],
  options: ExplainOptions,
): Promise<ResultCode> {
  if (options.list === true) {
    if (words.length > 0) throw new UsageError("--list takes no text");
    await write(process.stdout, await renderList(options.format));
    return 0;
  }
  const [word] = words;
  const file = words.length === 1 && word !== undefined && (await isFile(word)) ? word : null;
  const page = words.length === 1 && word !== undefined && file === null ? pageNamed(word) : null;
  if (page !== null) {
    await write(process.stdout, await renderPage(page, options.format));
    return 0;
  }
  const estate = options.estate === undefined ? null : await readEstate(options.estate);
  const explanation = await read(words, file);
  const result = await complete(explanation, estate, options);
  await write(process.stdout, rendered(result, options));
  return result.exitCode;
}

async function isFile(path: string): Promise<boolean> {
  if (path === "-" || path.length > 4096) return false;
  try {
    const found = await stat(path);
    return !found.isDirectory();
  } catch {
    return false;
  }
}

async function read(words: readonly string[], file: string | null): Promise<Explanation> {
  if (file !== null) {
    try {
      return await explainStream(createReadStream(file));
    } catch (error) {
      if (error instanceof Error && "code" in error)
        throw new InputError(`${file} cannot be read (${String(error.code)})`);
      throw error;
    }
  }
  const isPiped = words.length === 1 && words[0] === "-";
  if (words.length > 0 && !isPiped) return explanationOf(words.join(" "));
  if (!isPiped && process.stdin.isTTY)
    throw new UsageError(
      "Nothing to explain: give the error text, a file with it or the code of a finding, or pipe a log into it; explain - reads what is typed until Ctrl-D",
    );
  return explainStream(process.stdin);
}

async function readEstate(path: string): Promise<Estate> {
  const estate = await loadEstate(path);
  if (!estate.ok) throw new UsageError(estate.error.map(formatProblem).join("\n"));
  return estate.value;
}

interface Completed extends ExplainResult {
  readonly exitCode: ResultCode;
}

async function complete(
  explanation: Explanation,
  estate: Estate | null,
  { check, estate: file, timeout }: ExplainOptions,
): Promise<Completed> {
  const problems: ProblemResult[] = [];
  let code: ResultCode | null = null;
  let checks = 0;
  let unchecked = 0;
  for (const problem of explanation.problems) {
    const link =
      estate === null
        ? null
        : findLink(estate, { ...problem.facts, profile: problem.check.profile });
    const isDue = check === true && checks < MAX_CHECKS;
    const decision = isDue ? await decide(problem, link, file ?? null, timeout) : null;
    if (check === true && !isDue && (link !== null || problem.check.target !== null)) unchecked++;
    if (decision !== null) {
      checks++;
      code = code === null ? decision.code : worse(code, decision.code);
    }
    problems.push({
      problem,
      link:
        link === null ? null : { client: link.client?.name ?? null, endpoint: link.endpoint.name },
      checked: decision?.checked ?? null,
    });
  }
  const recognised = explanation.problems.length > 0 ? 2 : 0;
  return { explanation, problems, unchecked, exitCode: code ?? recognised };
}

function rendered(result: Completed, { format }: ExplainOptions): string {
  switch (format) {
    case "text":
      return explainText(result, paintFor(process.stdout));
    case "markdown":
      return explainMarkdown(result);
    case "json":
      return `${JSON.stringify(explainDocument(result))}\n`;
    case "ndjson":
      return result.problems.map((each) => `${JSON.stringify(explainRecord(each))}\n`).join("");
  }
}
