import type { Assessment } from "../diagnosis/assessment.ts";
import type { Finding } from "../diagnosis/finding.ts";

/** What a result comes to: 0 fine, 1 warnings, 2 a problem, 3 could not be checked. */
export type ResultCode = 0 | 1 | 2 | 3;

/** What a command ends with: the worst of its results, or 64 for a usage error. */
export type ExitCode = ResultCode | 64;

/** Which code wins when many targets were checked. */
const WEIGHT: Record<ResultCode, number> = { 0: 0, 1: 1, 3: 2, 2: 3 };

/** The code for one result: a link without a verdict could not be checked, unless its client makes none. */
export function exitCodeOf({ client, handshake, verdict, findings }: Assessment): ResultCode {
  const isJudged =
    client.peerCheck === "none"
      ? handshake.outcome === "complete"
      : verdict !== null && verdict.trusted !== null;
  if (!isJudged) return 3;
  return exitCodeOfFindings(findings);
}

/** The code for findings alone. */
export function exitCodeOfFindings(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ severity }) => severity === "critical")) return 2;
  return findings.some(({ severity }) => severity === "warning") ? 1 : 0;
}

/** The stronger of two codes: 2, 3, 1, 0 in that order. */
export function worse(a: ResultCode, b: ResultCode): ResultCode {
  return WEIGHT[a] >= WEIGHT[b] ? a : b;
}
