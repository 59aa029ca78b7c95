import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { dateText, fingerprint, shortName } from "../words.ts";

const words = (stale: Certificate): string =>
  `The server sends a certificate of ${shortName(stale.subject)} that expired on ${dateText(stale.notAfter)} beside the valid one`;

const removal = (stale: Certificate): string =>
  `Remove the expired certificate of ${shortName(stale.subject)}, SHA-256 ${fingerprint(stale)}, from what the server sends`;

/** This client meets the expired copy first and looks no further (B5). */
export function intermediateStaleFinding(stale: Certificate, situation: Situation): Finding {
  return refusalFinding("chain.intermediate-stale", situation, {
    summary: `${words(stale)}, and ${situation.profile.title} looks no further`,
    remedy: [removal(stale)],
    certificates: [stale],
  });
}

/** This client takes the valid one. */
export function intermediateStaleOverlookedFinding(stale: Certificate): Finding {
  return makeFinding("chain.intermediate-stale", {
    severity: "info",
    summary: `${words(stale)}; simple Java trust managers refuse that`,
    remedy: [removal(stale)],
    certificates: [stale],
    time: stale.notAfter,
  });
}
