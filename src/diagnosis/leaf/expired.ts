import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { renewSteps } from "../remedies/server-steps.ts";
import type { Situation } from "../situation.ts";
import { dateText, distanceText, shortName } from "../words.ts";

/** The server's certificate has expired (C1). */
export function leafExpiredFinding(leaf: Certificate | undefined, situation: Situation): Finding {
  if (leaf === undefined)
    return refusalFinding("leaf.expired", situation, {
      summary: "A certificate has expired",
      remedy: ["Renew it"],
    });
  const name = shortName(leaf.subject);
  return refusalFinding("leaf.expired", situation, {
    summary: `The certificate of the server, ${name}, expired on ${dateText(leaf.notAfter)}, ${distanceText(leaf.notAfter, situation.at)} ago`,
    remedy: renewSteps(leaf, null, situation),
    certificates: [leaf],
  });
}

/** The server's certificate has expired, and this client accepts it because it is an anchor itself (A12). */
export function leafExpiryOverlookedFinding(
  leaf: Certificate,
  { profile, store }: Situation,
): Finding {
  const name = shortName(leaf.subject);
  return makeFinding("leaf.expired", {
    severity: "warning",
    summary: `The certificate ${name} expired on ${dateText(leaf.notAfter)}; ${profile.title} accepts it only because it is itself in ${store.name}`,
    remedy: [
      `Renew the certificate of ${name}, and import its CA instead of the certificate itself`,
    ],
    certificates: [leaf],
    time: leaf.notAfter,
  });
}
