import type { Assessment } from "../diagnosis/assess.ts";
import { type CheckRecord, checkRecord, invalidTargetRecord } from "./check-record.ts";
import { exitCodeOf, type ResultCode } from "./exit-code.ts";

/** One result of `check` or `judge --handshake`, ready to be written in any format. */
export type CheckResult =
  | { readonly kind: "assessed"; readonly target: string; readonly assessment: Assessment }
  /** A line of a list that is no target. */
  | {
      readonly kind: "invalid";
      /** The line as written, without credentials. */
      readonly target: string;
      readonly message: string;
    };

/** The exit code that a result alone would have. */
export function codeOfResult(result: CheckResult): ResultCode {
  return result.kind === "invalid" ? 3 : exitCodeOf(result.assessment);
}

/** The machine-readable form of a result. */
export function recordOfResult(result: CheckResult): CheckRecord {
  return result.kind === "invalid"
    ? invalidTargetRecord(result.target, result.message)
    : checkRecord(result.target, result.assessment);
}
