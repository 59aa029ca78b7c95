import type * as z from "zod";
import type { EstateProblem } from "./estate.ts";
import { explainIssue, type Mistake, missingKey } from "./explain-issue.ts";
import { keyOffset, pathText, valueOffset } from "./position.ts";
import type { ReadDocument } from "./read-document.ts";

/** Most mistakes that are told of one file; a file of quite another kind has one in every line. */
const MAX_PROBLEMS = 500;

/** Words what a schema found in a document. */
export function shapeMistakes(
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodType,
  data: unknown,
): readonly Mistake[] {
  return issues.flatMap((issue) =>
    explainIssue(issue, schema).map((mistake) =>
      mistake.at === "value" && !exists(data, mistake.path) ? missingKey(mistake.path) : mistake,
    ),
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

/** Gives mistakes their lines and columns. */
export function located(
  file: string,
  { document, positionOf }: ReadDocument,
  mistakes: readonly Mistake[],
): readonly EstateProblem[] {
  return mistakes.slice(0, 2 * MAX_PROBLEMS).map(({ path, at, message, hint }) => {
    const offset = at === "key" ? keyOffset(document, path) : valueOffset(document, path);
    return { file, ...positionOf(offset), path: pathText(path), message, hint };
  });
}

/** In the order of the file. */
export const inOrder = (problems: readonly EstateProblem[]): readonly EstateProblem[] =>
  problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));

/** The first mistakes, with a word about how many are left out. */
export function bounded(problems: readonly EstateProblem[]): readonly EstateProblem[] {
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
