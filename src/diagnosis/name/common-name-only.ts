import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { type NameFacts, nameMessage } from "./name-facts.ts";
import { reissueSteps } from "../remedies/name-steps.ts";
import { verifyStep } from "../remedies/verify-step.ts";

const REMEDY = ["Have the certificate re-issued with a subjectAltName"] as const;

/** The name stands in the CN, where this client does not look (C7, RFC 9525 section 2). */
export function ignoredCommonNameFinding(facts: NameFacts): Finding {
  const { leaf, host, situation } = facts;
  return makeFinding("name.common-name-only", {
    severity: "critical",
    summary: `The certificate names ${host} only in its CN, which ${situation.profile.title} ignores`,
    remedy: [...REMEDY, ...reissueSteps(facts), verifyStep(situation)],
    certificates: [leaf],
    clientMessage: nameMessage(facts),
  });
}

/** The name stands in the CN only, and this client is content with that (C7). */
export function commonNameOnlyFinding(leaf: Certificate): Finding {
  return makeFinding("name.common-name-only", {
    severity: "info",
    summary: "The certificate names the server only in its CN; Go clients and browsers ignore that",
    remedy: REMEDY,
    certificates: [leaf],
  });
}
