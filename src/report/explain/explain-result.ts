import type { CaseId } from "../../diagnosis/catalogue.ts";
import type { ExplainedProblem, Explanation } from "../../diagnosis/explain/explain.ts";
import type { Finding } from "../../diagnosis/finding.ts";

/** The link of an estate that a text is about. */
export interface ExplainedLink {
  /** Null where the text names no client that only one link has. */
  readonly client: string | null;
  readonly endpoint: string;
}

/** What the check that decides between the causes has shown. */
export interface DecidedCheck {
  /** As it was checked. */
  readonly target: string;
  readonly client: string;
  /** Whether the link works now. */
  readonly ok: boolean;
  /** Causes of the text that the findings confirm, those of the headline first. */
  readonly confirmed: readonly CaseId[];
  readonly findings: readonly Finding[];
}

/** A problem with what the estate and a check add to it. */
export interface ProblemResult {
  readonly problem: ExplainedProblem;
  readonly link: ExplainedLink | null;
  /** Null where no check was asked for or the text names no target. */
  readonly checked: DecidedCheck | null;
}

/** Everything that `explain` found out about a text. */
export interface ExplainResult {
  readonly explanation: Explanation;
  readonly problems: readonly ProblemResult[];
  /** Problems that name a target and were not checked, because enough others were. @default 0 */
  readonly unchecked?: number;
  readonly exitCode: number;
}
