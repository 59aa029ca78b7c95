import type * as z from "zod";
import { problemRecord } from "../../diagnosis/explain/problem-record.ts";
import type { ExplainResult, ProblemResult } from "./explain-result.ts";
import type { EXPLAIN_DOCUMENT_SCHEMA, EXPLAIN_RECORD_SCHEMA } from "./explain-schema.ts";

/** One problem in machine-readable form. */
export type ExplainRecord = z.infer<typeof EXPLAIN_RECORD_SCHEMA>;

/** The machine-readable form of a problem with its link and its check. */
export function explainRecord({ problem, link, checked }: ProblemResult): ExplainRecord {
  return {
    ...problemRecord(problem),
    link,
    checked:
      checked === null
        ? null
        : {
            ...checked,
            confirmed: [...checked.confirmed],
            findings: checked.findings.map(({ code, severity, summary, remedy }) => ({
              code,
              severity,
              summary,
              remedy: [...remedy],
            })),
          },
  };
}

/** The document of `explain --format json`. */
export function explainDocument({
  explanation,
  problems,
  exitCode,
}: ExplainResult): z.infer<typeof EXPLAIN_DOCUMENT_SCHEMA> {
  const { lines, cutLines, unlisted } = explanation;
  return { lines, cutLines, problems: problems.map(explainRecord), unlisted, exitCode };
}
