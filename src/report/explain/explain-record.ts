import type * as z from "zod";
import { codesOfCase } from "../../diagnosis/catalogue.ts";
import { caseEntry } from "../../diagnosis/explain/cases.ts";
import type { Facts } from "../../diagnosis/explain/facts.ts";
import { FACT_FIELDS } from "../../diagnosis/explain/pattern.ts";
import type { ExplainResult, ProblemResult } from "./explain-result.ts";
import type { EXPLAIN_DOCUMENT_SCHEMA, EXPLAIN_RECORD_SCHEMA } from "./explain-schema.ts";

/** One problem in machine-readable form. */
export type ExplainRecord = z.infer<typeof EXPLAIN_RECORD_SCHEMA>;

/** The machine-readable form of a problem. */
export function explainRecord({ problem, link, checked }: ProblemResult): ExplainRecord {
  const { pattern, family, side, count, first, last, excerpt, cases, why, notes, check } = problem;
  return {
    pattern: pattern.id,
    says: pattern.says,
    family,
    side,
    count,
    first,
    last,
    excerpt,
    causes: cases.map((id) => {
      const { title, look, remedy } = caseEntry(id);
      return { case: id, title, codes: [...codesOfCase(id)], look, remedy };
    }),
    why,
    not: pattern.not.map(({ cases: ruledOut, because }) => ({ cases: [...ruledOut], because })),
    notes: [...notes],
    facts: factsRecord(problem.facts),
    check,
    link,
    checked:
      checked === null
        ? null
        : {
            target: checked.target,
            client: checked.client,
            ok: checked.ok,
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

function factsRecord(facts: Facts): ExplainRecord["facts"] {
  return Object.fromEntries(
    FACT_FIELDS.flatMap((field) => {
      const value = facts[field];
      return value === null ? [] : [[field, value]];
    }),
  );
}
