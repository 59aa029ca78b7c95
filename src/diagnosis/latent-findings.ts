import { type Certificate, isSelfIssued } from "../x509/certificate.ts";
import { basicConstraints, extendedKeyUsage, valueOf } from "../x509/extensions.ts";
import { KeyPurpose } from "../x509/oids.ts";
import { isSelfSigned } from "../x509/verify-signature.ts";
import type { Break } from "../trust/breaks-at.ts";
import { isCrossCertificate, validTwinSent } from "./certificate-facts.ts";
import { crossCertificateLeftFinding } from "./chain/cross-certificate-expired.ts";
import { intermediateUsageOverlookedFinding } from "./chain/extended-key-usage.ts";
import { intermediateStaleOverlookedFinding } from "./chain/intermediate-stale.ts";
import { knownCertificateTrustedFinding, notoriousIn } from "./chain/known-certificate.ts";
import { orderOverlookedFinding } from "./chain/out-of-order.ts";
import { rootSentFinding } from "./chain/root-sent.ts";
import { superfluousOverlookedFinding } from "./chain/superfluous.ts";
import { weakAlgorithmOverlookedFinding } from "./chain/weak-algorithm.ts";
import { weakKeyOverlookedFinding } from "./chain/weak-key.ts";
import { expiringFinding } from "./expiring-finding.ts";
import type { Finding } from "./finding.ts";
import { isInOrder, superfluousIn } from "./form-findings.ts";
import { leafExpiryOverlookedFinding } from "./leaf/expired.ts";
import type { Situation } from "./situation.ts";
import { anchorExpiryOverlookedFinding } from "./truststore/anchor-expired.ts";
import { intermediateOnlyFinding } from "./truststore/intermediate-only.ts";
import { isKeystoreOnly, keystoreUsedFinding } from "./truststore/keystore-used.ts";
import { leafPinnedFinding } from "./truststore/leaf-pinned.ts";
import { processOutdatedFinding } from "./truststore/process-outdated.ts";
import { staleIntermediateOverlookedFinding } from "./truststore/stale-intermediate.ts";

/** Findings about a chain that this client accepts: what will break, and what breaks for others. */
export function latentFindings(situation: Situation, breaks: Break | null): readonly Finding[] {
  const { verdict, sent } = situation;
  const [leaf] = sent;
  const anchor = verdict.path.at(-1);
  if (leaf === undefined || anchor === undefined || verdict.trusted !== true) return [];
  const notorious = notoriousIn(situation);
  return [
    expiringFinding(breaks, leaf, anchor, situation),
    pinFinding(leaf, situation),
    overlookedExpiry(leaf, anchor, situation),
    rootlessFinding(anchor, situation),
    ...overlookedUsages(situation),
    weakAlgorithmOverlookedFinding(verdict.path, situation),
    weakKeyOverlookedFinding(verdict.path, situation),
    notorious === undefined ? null : knownCertificateTrustedFinding(notorious, situation),
    processOutdatedFinding(situation),
    ...(verdict.path.length > 1 ? formNotes(situation) : []),
  ].filter((finding) => finding !== null);
}

function pinFinding(leaf: Certificate, situation: Situation): Finding | null {
  if (situation.verdict.path.length > 1 || isSelfSigned(leaf)) return null;
  return isKeystoreOnly(situation)
    ? keystoreUsedFinding(leaf, situation)
    : leafPinnedFinding(leaf, situation);
}

/** A certificate whose end this client does not look at, while others do. */
function overlookedExpiry(
  leaf: Certificate,
  anchor: Certificate,
  situation: Situation,
): Finding | null {
  if (anchor.notAfter >= situation.at) return null;
  if (anchor.sha256 === leaf.sha256) return leafExpiryOverlookedFinding(leaf, situation);
  return validTwinSent(anchor, situation)
    ? staleIntermediateOverlookedFinding(anchor, situation)
    : anchorExpiryOverlookedFinding(anchor, situation);
}

function rootlessFinding(anchor: Certificate, situation: Situation): Finding | null {
  const isIntermediate =
    situation.verdict.path.length > 1 &&
    !isSelfIssued(anchor) &&
    valueOf(basicConstraints(anchor))?.ca === true;
  return isIntermediate ? intermediateOnlyFinding(anchor, situation) : null;
}

/** Intermediates that may not stand above servers' certificates, which Java does not look at. */
function overlookedUsages(situation: Situation): readonly Finding[] {
  const intermediate = situation.verdict.path.slice(1, -1).find((certificate) => {
    const purposes = valueOf(extendedKeyUsage(certificate));
    return (
      purposes !== undefined &&
      !purposes.includes(KeyPurpose.serverAuth) &&
      !purposes.includes(KeyPurpose.any)
    );
  });
  return intermediate === undefined
    ? []
    : [intermediateUsageOverlookedFinding(intermediate, situation)];
}

/** What is odd about the certificates as they are sent, without harm for this client. */
function formNotes(situation: Situation): readonly (Finding | null)[] {
  const { sent, verdict, at } = situation;
  const used = new Set(verdict.path.map(({ sha256 }) => sha256));
  const expired = sent.filter(({ sha256, notAfter }) => !used.has(sha256) && notAfter < at);
  const stale = expired.find((each) => validTwinSent(each, situation));
  const cross = expired.find((each) => isCrossCertificate(each, situation));
  const extra = superfluousIn(verdict.path, situation);
  const root = sent.slice(1).find((each) => isSelfSigned(each) && !extra.includes(each));
  return [
    isInOrder(verdict.path, situation) ? null : orderOverlookedFinding(situation),
    stale === undefined ? null : intermediateStaleOverlookedFinding(stale),
    cross === undefined ? null : crossCertificateLeftFinding(cross, situation),
    extra.length === 0 ? null : superfluousOverlookedFinding(extra),
    root === undefined ? null : rootSentFinding(root),
  ];
}
