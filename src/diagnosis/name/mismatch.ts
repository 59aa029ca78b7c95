import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { coveredText, dnsNames } from "./certificate-names.ts";
import { type NameFacts, nameMessage, refusal } from "./name-facts.ts";
import { nearestName } from "./nearest-name.ts";
import { clientNameSteps, reissueSteps, selectionSteps } from "../remedies/name-steps.ts";
import { verifyStep } from "../remedies/verify-step.ts";

/** The host is none of the certificate's names (C5). */
export function mismatchFinding(facts: NameFacts): Finding {
  const { leaf, host } = facts;
  const nearest = nearestName(host, dnsNames(leaf));
  const hint = nearest === null ? "" : `; the nearest is ${nearest.name}, ${nearest.difference}`;
  return makeFinding("name.mismatch", {
    severity: "critical",
    summary: `The certificate is for ${coveredText(leaf)}, not for ${host}${refusal(facts)}${hint}`,
    remedy: [
      ...(nearest === null
        ? []
        : [`Connect by ${nearest.name}, where that is the service that is meant`]),
      `Have the certificate re-issued with ${host} among its subjectAltNames${nearest === null ? ", or connect by a name that it carries" : ""}`,
      ...reissueSteps(facts),
      ...selectionSteps(facts),
      ...clientNameSteps(facts),
      verifyStep(facts.situation),
    ],
    certificates: [leaf],
    clientMessage: nameMessage(facts),
  });
}
