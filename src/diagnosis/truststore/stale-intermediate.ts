import type { Certificate } from "../../x509/certificate.ts";
import { locate } from "../certificate-facts.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { removeSteps } from "../remedies/anchor-steps.ts";
import type { Situation } from "../situation.ts";
import { dateText, shortName } from "../words.ts";

/** An expired copy in the store goes before the valid one that the server sends (A17). */
export function staleIntermediateFinding(stored: Certificate, situation: Situation): Finding {
  return refusalFinding("truststore.stale-intermediate", situation, {
    summary: `${situation.store.name} holds an expired copy of ${shortName(stored.subject)} that hides the valid one the server sends`,
    remedy: removeSteps(stored, situation),
    certificates: [stored],
    alias: locate(stored, situation)?.alias ?? null,
  });
}

/** An expired copy in the store, which only other clients mind. */
export function staleIntermediateOverlookedFinding(
  stored: Certificate,
  situation: Situation,
): Finding {
  const { store, profile } = situation;
  return makeFinding("truststore.stale-intermediate", {
    severity: "warning",
    summary: `${store.name} holds a copy of ${shortName(stored.subject)} that expired on ${dateText(stored.notAfter)} beside the valid one the server sends; ${profile.title} does not look at that, OpenSSL and Node.js clients refuse it`,
    remedy: removeSteps(stored, situation),
    certificates: [stored],
    truststore: store.name,
    alias: locate(stored, situation)?.alias ?? null,
    time: stored.notAfter,
  });
}
