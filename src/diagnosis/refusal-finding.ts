import type { FindingCode } from "./finding-codes.ts";
import type { Finding } from "./finding.ts";
import { type FindingParts, makeFinding } from "./make-finding.ts";
import { verifyStep } from "./remedies/verify-step.ts";
import type { Situation } from "./situation.ts";

/** A finding for which this client refuses the chain: critical, with its words and, as the last step, the check. */
export function refusalFinding(
  code: FindingCode,
  situation: Situation,
  parts: Omit<FindingParts, "severity" | "clientMessage">,
): Finding {
  return makeFinding(code, {
    ...parts,
    truststore: parts.truststore ?? (code.startsWith("truststore.") ? situation.store.name : null),
    severity: "critical",
    remedy: [...parts.remedy, verifyStep(situation)],
    clientMessage: situation.verdict.clientMessage,
  });
}
