import type { Assessment } from "../diagnosis/assessment.ts";
import { type CheckRecord, checkRecord, invalidTargetRecord } from "./check-record.ts";
import { exitCodeOf, type ResultCode, worse } from "./exit-code.ts";

/** One result of `check` or `judge --handshake`: one target, address and client. */
export type CheckResult =
  | { readonly kind: "assessed"; readonly target: string; readonly assessment: Assessment }
  | InvalidTarget;

/** A line of a list that is no target. */
export interface InvalidTarget {
  readonly kind: "invalid";
  /** The line as written, without credentials. */
  readonly target: string;
  readonly message: string;
}

/** Everything about one target: what each client makes of each address, address by address. */
export type TargetResult =
  | {
      readonly kind: "assessed";
      readonly target: string;
      readonly assessments: readonly Assessment[];
    }
  | InvalidTarget;

/** The results of a target one by one. */
export function resultsOf(result: TargetResult): readonly CheckResult[] {
  if (result.kind === "invalid") return [result];
  const { target, assessments } = result;
  return assessments.map((assessment) => ({ kind: "assessed", target, assessment }));
}

/** The exit code that a result alone would have. */
export function codeOfResult(result: CheckResult): ResultCode {
  return result.kind === "invalid" ? 3 : exitCodeOf(result.assessment);
}

/** The exit code that a target alone would have. */
export function codeOfTarget(result: TargetResult): ResultCode {
  return resultsOf(result).map(codeOfResult).reduce<ResultCode>(worse, 0);
}

/** The machine-readable form of a result. */
export function recordOfResult(result: CheckResult): CheckRecord {
  return result.kind === "invalid"
    ? invalidTargetRecord(result.target, result.message)
    : checkRecord(result.target, result.assessment);
}
