import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { type NameFacts, nameMessage, refusal } from "./name-facts.ts";
import { reissueSteps } from "../remedies/name-steps.ts";
import { verifyStep } from "../remedies/verify-step.ts";

/** The address is there, written as a dNSName, where clients do not look for addresses (C9, RFC 5280 section 4.2.1.6). */
export function addressAsDnsNameFinding(facts: NameFacts): Finding {
  const { leaf, host } = facts;
  return makeFinding("name.address-as-dns-name", {
    severity: "critical",
    summary: `The certificate has the address ${host} as a dNSName instead of an iPAddress${refusal(facts)}`,
    remedy: [
      `Have the certificate re-issued with the subjectAltName IP:${host} instead of DNS:${host}`,
      ...reissueSteps(facts),
      "Or connect by a name of the certificate",
      verifyStep(facts.situation),
    ],
    certificates: [leaf],
    clientMessage: nameMessage(facts),
  });
}
