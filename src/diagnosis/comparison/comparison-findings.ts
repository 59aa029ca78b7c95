import type { Finding } from "../finding.ts";
import type { FindingCode } from "../finding-codes.ts";
import type { Situation } from "../situation.ts";
import { chainVariesFinding } from "../topology/chain-varies.ts";
import { inspectionFinding } from "../topology/inspection.ts";
import { historyFindings } from "./history/history-findings.ts";
import { withMissingIssuer } from "./missing-issuer.ts";

/** What is said of a chain whose top nobody knows: consequences where a device on the way made the chain. */
const UNKNOWN_TOP: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "truststore.anchor-missing",
  "chain.incomplete",
  "chain.unrelated-intermediate",
  "chain.self-signed",
]);

/**
 * Adds what comparison with other conversations, endpoints and times tells to the findings about a judged chain, and
 * leaves out what is a consequence of it.
 */
export function compared(findings: readonly Finding[], situation: Situation): readonly Finding[] {
  const isUnknown = findings.some(({ code }) => UNKNOWN_TOP.has(code));
  const inspection = isUnknown ? inspectionFinding(situation) : null;
  const { accepts, investigation = null } = situation;
  const varies =
    investigation === null || accepts === undefined || situation.verdict.trusted === true
      ? null
      : chainVariesFinding(investigation, ({ certificates }) => accepts(certificates));
  const kept =
    inspection === null ? findings : findings.filter(({ code }) => !UNKNOWN_TOP.has(code));
  return [
    ...(inspection === null ? [] : [inspection]),
    ...(varies === null ? [] : [varies]),
    ...withMissingIssuer(kept, situation),
    ...historyFindings(situation),
  ];
}
