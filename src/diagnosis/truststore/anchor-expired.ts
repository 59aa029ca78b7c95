import { type Certificate, isSelfIssued } from "../../x509/certificate.ts";
import { locate, sameAuthority } from "../certificate-facts.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { copySteps, importByNameSteps, importSteps } from "../remedies/anchor-steps.ts";
import type { Situation } from "../situation.ts";
import { dateText, distanceText, shortName } from "../words.ts";

/** The CA's renewed certificate, with the same name and key: from another store, as it is sent, or from its owner. */
function renewalSteps(anchor: Certificate, situation: Situation): readonly string[] {
  const { elsewhere, sent, at } = situation;
  const isRenewal = (each: Certificate): boolean =>
    sameAuthority(each, anchor) && each.notAfter > at && isSelfIssued(each);
  const found = elsewhere.find(({ certificate }) => isRenewal(certificate));
  if (found !== undefined) return copySteps(found, situation);
  const renewed = sent.find(isRenewal);
  return renewed === undefined
    ? importByNameSteps(anchor.subject, situation)
    : importSteps(renewed, situation);
}

/** An anchor has expired, and this client looks at that (A14). */
export function anchorExpiredFinding(anchor: Certificate, situation: Situation): Finding {
  const { store, at, profile } = situation;
  return refusalFinding("truststore.anchor-expired", situation, {
    summary: `The anchor ${shortName(anchor.subject)} in ${store.name} expired on ${dateText(anchor.notAfter)}, ${distanceText(anchor.notAfter, at)} ago, and ${profile.title} checks that`,
    remedy: renewalSteps(anchor, situation),
    certificates: [anchor],
    alias: locate(anchor, situation)?.alias ?? null,
  });
}

/** An anchor has expired, which only other clients mind. */
export function anchorExpiryOverlookedFinding(anchor: Certificate, situation: Situation): Finding {
  const { store, profile } = situation;
  return makeFinding("truststore.anchor-expired", {
    severity: "warning",
    summary: `The anchor ${shortName(anchor.subject)} in ${store.name} expired on ${dateText(anchor.notAfter)}; ${profile.title} does not look at that, OpenSSL, Go and Node.js clients refuse it`,
    remedy: renewalSteps(anchor, situation),
    certificates: [anchor],
    truststore: store.name,
    alias: locate(anchor, situation)?.alias ?? null,
    time: anchor.notAfter,
  });
}
