import { resolve } from "node:path";
import type { Endpoint } from "../probe/handshake.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import { endpointTargets } from "./endpoint-targets.ts";
import type { Estate, EstateProblem } from "./estate.ts";
import { explainIssue, type Mistake, missingKey } from "./explain-issue.ts";
import { noticesOf } from "./notices.ts";
import { keyOffset, pathText, valueOffset } from "./position.ts";
import { parseText, type ReadDocument, readText } from "./read-document.ts";
import { danglingReferences } from "./references.ts";
import { resolveEstate } from "./resolve.ts";
import { ESTATE_SCHEMA } from "./schema.ts";
import { DISK_FILES } from "./systems/disk-files.ts";
import { type WithImports, withImports } from "./systems/estate-imports.ts";

/** Most mistakes that are told of one file; a file that is no estate at all has one in every line. */
const MAX_PROBLEMS = 500;

/**
 * Reads and checks an estate file. Every mistake is told at once, in the order of the file: syntax,
 * repeated and unknown keys, types, ranges, addresses, and names that nothing defines.
 * @param path as given by the user; relative to the working directory
 */
export async function loadEstate(path: string): Promise<Result<Estate, readonly EstateProblem[]>> {
  const text = await readText(path);
  if (!text.ok) return fail([text.error]);
  const parsed = parseText(path, text.value);
  if (!parsed.ok) return parsed;
  const surroundings = { files: DISK_FILES, environment: process.env };
  return checked(path, parsed.value, await withImports(path, parsed.value.data, surroundings));
}

/** Checks the text of an estate file, as loadEstate does; its imports are not carried out. */
export function parseEstate(path: string, text: string): Result<Estate, readonly EstateProblem[]> {
  const parsed = parseText(path, text);
  if (!parsed.ok) return parsed;
  return checked(path, parsed.value, { data: parsed.value.data, imports: [], mistakes: [] });
}

function checked(
  path: string,
  parsed: ReadDocument,
  { data, imports, mistakes: failedImports }: WithImports,
): Result<Estate, readonly EstateProblem[]> {
  const shape = ESTATE_SCHEMA.safeParse(data ?? {});
  const targets = endpointTargets(data);
  const mistakes = [
    ...(shape.success ? [] : shape.error.issues.flatMap((issue) => explained(issue, data))),
    ...targets.mistakes,
    ...danglingReferences(data),
    ...failedImports,
  ];
  const problems = [...parsed.duplicates, ...located(path, parsed, mistakes)];
  if (!shape.success || problems.length > 0) return fail(bounded(inOrder(problems)));
  const byName: ReadonlyMap<string, Endpoint> = targets.targets;
  return ok({
    ...resolveEstate(resolve(path), shape.data, byName),
    imports,
    notices: inOrder(located(path, parsed, noticesOf(shape.data, writtenLinks(parsed.data)))),
  });
}

/** How many entries of `links` stand in the file itself; imports add theirs behind. */
function writtenLinks(data: unknown): number {
  const links: unknown =
    typeof data === "object" && data !== null && "links" in data ? data.links : null;
  return Array.isArray(links) ? links.length : 0;
}

type Issue = Parameters<typeof explainIssue>[0];

function explained(issue: Issue, data: unknown): readonly Mistake[] {
  return explainIssue(issue, ESTATE_SCHEMA).map((mistake) =>
    mistake.at === "value" && !exists(data, mistake.path) ? missingKey(mistake.path) : mistake,
  );
}

function exists(data: unknown, path: Mistake["path"]): boolean {
  let value: unknown = data;
  for (const segment of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment)) return false;
    value = Reflect.get(value, segment);
  }
  return true;
}

function located(
  file: string,
  { document, positionOf }: ReadDocument,
  mistakes: readonly Mistake[],
): readonly EstateProblem[] {
  return mistakes.slice(0, 2 * MAX_PROBLEMS).map(({ path, at, message, hint }) => {
    const offset = at === "key" ? keyOffset(document, path) : valueOffset(document, path);
    return { file, ...positionOf(offset), path: pathText(path), message, hint };
  });
}

const inOrder = (problems: readonly EstateProblem[]): readonly EstateProblem[] =>
  problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));

function bounded(problems: readonly EstateProblem[]): readonly EstateProblem[] {
  const first = problems[0];
  if (problems.length <= MAX_PROBLEMS || first === undefined) return problems;
  return [
    ...problems.slice(0, MAX_PROBLEMS),
    {
      file: first.file,
      line: null,
      column: null,
      path: "",
      message: `${problems.length - MAX_PROBLEMS} or more further mistakes are not shown`,
      hint: null,
    },
  ];
}
