import { type CaseId, codesOfCase } from "../catalogue.ts";
import type { FindingCode } from "../finding-codes.ts";
import { caseEntry } from "./cases.ts";
import type { DecidingCheck } from "./check-command.ts";
import type { ExplainedProblem, LogPlace } from "./explain.ts";
import { FACT_FIELDS, type FactField } from "./pattern.ts";
import type { Side } from "./read-event.ts";

/** A cause in machine-readable form. */
export interface CauseRecord {
  readonly case: CaseId;
  readonly title: string;
  /** Codes of findings that name the case; empty for what cannot be seen from outside. */
  readonly codes: FindingCode[];
  readonly look: string;
  readonly remedy: string;
}

/** A problem in machine-readable form, for the command and for the API. */
export interface ProblemRecord {
  readonly pattern: string;
  readonly says: string;
  readonly family: string;
  readonly side: Side;
  readonly count: number;
  readonly first: LogPlace;
  readonly last: LogPlace;
  readonly excerpt: string;
  /** Most likely first. */
  readonly causes: CauseRecord[];
  readonly why: string;
  readonly not: { readonly cases: CaseId[]; readonly because: string }[];
  readonly notes: string[];
  readonly facts: Partial<Record<FactField, string>>;
  readonly check: DecidingCheck;
}

/** The machine-readable form of a problem that explainText() or an Explainer found. */
export function problemRecord(problem: ExplainedProblem): ProblemRecord {
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
    facts: Object.fromEntries(
      FACT_FIELDS.flatMap((field) => {
        const value = problem.facts[field];
        return value === null ? [] : [[field, value]];
      }),
    ),
    check,
  };
}
