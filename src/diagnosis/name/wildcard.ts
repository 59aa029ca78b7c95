import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { type NameFacts, nameMessage, refusal } from "./name-facts.ts";
import type { WildcardMiss } from "./wildcard-rule.ts";
import { clientNameSteps, reissueSteps, selectionSteps } from "../remedies/name-steps.ts";
import { verifyStep } from "../remedies/verify-step.ts";

/** A wildcard does not reach as far as somebody thought (C10). */
export function wildcardFinding(facts: NameFacts, { pattern, rule }: WildcardMiss): Finding {
  const { leaf, host } = facts;
  return makeFinding("name.wildcard", {
    severity: "critical",
    summary: `The certificate's ${pattern} does not cover ${host}: ${rule}${refusal(facts)}`,
    remedy: [
      `Have the certificate re-issued with ${host} itself among its subjectAltNames`,
      ...reissueSteps(facts),
      ...selectionSteps(facts),
      ...clientNameSteps(facts),
      verifyStep(facts.situation),
    ],
    certificates: [leaf],
    clientMessage: nameMessage(facts),
  });
}
