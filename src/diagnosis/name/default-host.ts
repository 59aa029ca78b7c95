import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { coveredText } from "./certificate-names.ts";
import { type NameFacts, nameMessage, refusal } from "./name-facts.ts";
import { clientNameSteps, reissueSteps, selectionSteps } from "../remedies/name-steps.ts";
import { verifyStep } from "../remedies/verify-step.ts";

/**
 * The server's default virtual host answered instead of the one that was meant (C6).
 * @param how how that shows, as a clause
 */
export function defaultHostFinding(facts: NameFacts, how: string): Finding {
  const { leaf, host } = facts;
  return makeFinding("name.default-host", {
    severity: "critical",
    summary: `The server answers for ${host} with its default certificate, for ${coveredText(leaf)}${refusal(facts)}: ${how}`,
    remedy: [
      `Give the server a virtual host for ${host} with its certificate`,
      ...selectionSteps(facts),
      "See that the client sends the server name: Java up to 7, WebSphere outbound, URLs with an address, and nginx without proxy_ssl_server_name send none",
      ...clientNameSteps(facts),
      `Where the server has one certificate only: have it re-issued with ${host} among its subjectAltNames`,
      ...reissueSteps(facts, false),
      verifyStep(facts.situation),
    ],
    certificates: [leaf],
    clientMessage: nameMessage(facts),
  });
}
