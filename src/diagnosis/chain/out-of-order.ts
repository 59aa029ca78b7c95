import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { sendChainSteps } from "../remedies/server-steps.ts";
import type { Situation } from "../situation.ts";

/** A path exists that this client does not find in the certificates as they are sent (B6). */
export function outOfOrderFinding(situation: Situation): Finding {
  const { profile, sent } = situation;
  return refusalFinding("chain.out-of-order", situation, {
    summary: `A path exists, but ${profile.title} does not find it in the ${sent.length} certificates as they are sent`,
    remedy: [
      "Send the certificates in order: the server's own first, then each one's issuer, and nothing else",
      ...sendChainSteps(situation),
    ],
  });
}

/** The order is wrong, which only simple trust managers mind. */
export function orderOverlookedFinding({ sent }: Situation): Finding {
  return makeFinding("chain.out-of-order", {
    severity: "info",
    summary:
      "The server sends its certificates out of order; simple Java trust managers refuse that",
    remedy: ["Send the server's own certificate first, then each one's issuer"],
    certificates: sent,
  });
}
