import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { coveredText } from "./certificate-names.ts";
import { type NameFacts, nameMessage, refusal } from "./name-facts.ts";
import { clientNameSteps, reissueSteps } from "../remedies/name-steps.ts";
import { verifyStep } from "../remedies/verify-step.ts";

/** The client connects by an address, and the certificate has no such iPAddress (C8). */
export function addressNotCoveredFinding(facts: NameFacts): Finding {
  const { leaf, host } = facts;
  return makeFinding("name.address-not-covered", {
    severity: "critical",
    summary: `The certificate is for ${coveredText(leaf)}, not for ${host}${refusal(facts)}`,
    remedy: [
      `Connect by a name of the certificate, or have it re-issued with the address ${host} as iPAddress`,
      ...reissueSteps(facts),
      "Check what answers at this address: without a server name the server picks its default certificate",
      ...clientNameSteps(facts),
      verifyStep(facts.situation),
    ],
    certificates: [leaf],
    clientMessage: nameMessage(facts),
  });
}
