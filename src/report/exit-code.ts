import type { Assessment } from "../diagnosis/assess.ts";
import type { Finding } from "../diagnosis/finding.ts";

/** What a command ends with: 0 fine, 1 warnings, 2 a problem, 3 could not be checked, 64 usage error. */
export type ExitCode = 0 | 1 | 2 | 3 | 64;

/** Which code wins when many targets were checked. */
const WEIGHT: Record<Exclude<ExitCode, 64>, number> = { 0: 0, 1: 1, 3: 2, 2: 3 };

/** The code for one result: a link without a verdict could not be checked. */
export function exitCodeOf({ verdict, findings }: Assessment): Exclude<ExitCode, 64> {
  if (verdict === null || verdict.trusted === null) return 3;
  return exitCodeOfFindings(findings);
}

/** The code for findings alone. */
export function exitCodeOfFindings(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ severity }) => severity === "critical")) return 2;
  return findings.some(({ severity }) => severity === "warning") ? 1 : 0;
}

/** The stronger of two codes: 2, 3, 1, 0 in that order. */
export function worse(a: Exclude<ExitCode, 64>, b: Exclude<ExitCode, 64>): Exclude<ExitCode, 64> {
  return WEIGHT[a] >= WEIGHT[b] ? a : b;
}
