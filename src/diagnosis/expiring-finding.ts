import type { Break } from "../trust/breaks-at.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { Finding } from "./finding.ts";
import { makeFinding } from "./make-finding.ts";
import { importByNameSteps } from "./remedies/anchor-steps.ts";
import { renewSteps, replaceIntermediateSteps } from "./remedies/server-steps.ts";
import { verifyStep } from "./remedies/verify-step.ts";
import type { Situation } from "./situation.ts";
import { dateText, distanceText, shortName } from "./words.ts";

/** The link works and ends within the thresholds, by the leaf, an intermediate or the anchor (C4); null otherwise. */
export function expiringFinding(
  breaks: Break | null,
  leaf: Certificate,
  anchor: Certificate,
  situation: Situation,
): Finding | null {
  const { at, thresholds, profile, handshake } = situation;
  if (breaks === null || breaks.time - at > Math.max(thresholds.warning, thresholds.critical))
    return null;
  const { certificate, time } = breaks;
  const code =
    certificate.sha256 === leaf.sha256
      ? "leaf.expiring"
      : certificate.sha256 === anchor.sha256
        ? "truststore.anchor-expiring"
        : "chain.intermediate-expiring";
  const name = shortName(certificate.subject);
  return makeFinding(code, {
    severity: time - at <= thresholds.critical ? "critical" : "warning",
    summary: `${handshake.outcome === "complete" ? "Works now" : "The server is trusted now"}, but ${profile.title} will refuse the connection in ${distanceText(at, time)}: ${name} expires on ${dateText(time)}`,
    remedy:
      code === "truststore.anchor-expiring"
        ? [...importByNameSteps(certificate.subject, situation), verifyStep(situation)]
        : code === "chain.intermediate-expiring"
          ? [...replaceIntermediateSteps(certificate, situation, time), verifyStep(situation)]
          : [...renewSteps(certificate, time, situation), verifyStep(situation)],
    certificates: [certificate],
    time,
    truststore: code === "truststore.anchor-expiring" ? situation.store.name : null,
  });
}
