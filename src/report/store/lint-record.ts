import type { ExitCode, ResultCode } from "../exit-code.ts";
import type { StoreItem, StoreResult } from "./result.ts";

/** What was found in one store; also a line of `store lint --format ndjson`. */
export interface LintRecord {
  readonly path: string;
  readonly exitCode: ResultCode;
  readonly findings: readonly StoreItem[];
}

/** The document of `store lint --format json`. */
export interface LintDocument {
  readonly results: readonly LintRecord[];
  readonly exitCode: ExitCode;
}

/** The machine-readable form of what was found in one store. */
export function lintRecord({ title, code, items }: StoreResult): LintRecord {
  return {
    path: title,
    exitCode: code,
    findings: items.map((item) => ({
      code: item.code,
      severity: item.severity,
      summary: item.summary,
      remedy: item.remedy,
    })),
  };
}
