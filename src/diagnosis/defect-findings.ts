import type { Reason } from "../trust/reason.ts";
import type { Certificate } from "../x509/certificate.ts";
import { isCrossCertificate, locate, validTwinSent } from "./certificate-facts.ts";
import { criticalExtensionFinding } from "./chain/critical-extension.ts";
import { crossCertificateExpiredFinding } from "./chain/cross-certificate-expired.ts";
import { distrustedFinding } from "./chain/distrusted.ts";
import { chainEmptyFinding } from "./chain/empty.ts";
import { intermediateUsageFinding } from "./chain/extended-key-usage.ts";
import { intermediateExpiredFinding } from "./chain/intermediate-expired.ts";
import { intermediateNotYetValidFinding } from "./chain/intermediate-not-yet-valid.ts";
import { intermediateStaleFinding } from "./chain/intermediate-stale.ts";
import { malformedFinding } from "./chain/malformed.ts";
import { nameConstraintsFinding, nameConstraintsUnknownFinding } from "./chain/name-constraints.ts";
import { notCaFinding } from "./chain/not-ca.ts";
import { outOfOrderFinding } from "./chain/out-of-order.ts";
import { pathLengthFinding } from "./chain/path-length.ts";
import { policyFinding } from "./chain/refused.ts";
import { signatureInvalidFinding } from "./chain/signature-invalid.ts";
import { tooLongFinding } from "./chain/too-long.ts";
import { weakAlgorithmFinding } from "./chain/weak-algorithm.ts";
import { weakKeyFinding } from "./chain/weak-key.ts";
import type { Finding } from "./finding.ts";
import { leafExpiredFinding } from "./leaf/expired.ts";
import { leafKeyUsageFinding } from "./leaf/key-usage.ts";
import { leafNotYetValidFinding } from "./leaf/not-yet-valid.ts";
import { leafPurposeFinding } from "./leaf/extended-key-usage.ts";
import { refusalFinding } from "./refusal-finding.ts";
import { revokedFinding, statusUnknownFinding } from "./chain/revoked.ts";
import type { Situation } from "./situation.ts";
import { anchorExpiredFinding } from "./truststore/anchor-expired.ts";
import { anchorNotCaFinding } from "./truststore/anchor-not-ca.ts";
import { anchorNotYetValidFinding } from "./truststore/anchor-not-yet-valid.ts";
import { rootNeededFinding } from "./truststore/intermediate-only.ts";
import { leafPinnedInVainFinding } from "./truststore/leaf-pinned.ts";
import { noAnchorsFinding } from "./truststore/no-anchors.ts";
import { staleIntermediateFinding } from "./truststore/stale-intermediate.ts";
import { printable } from "./words.ts";

const NAME_CONSTRAINTS = "2.5.29.30";

/** The finding for one reason that spoils a path. */
export function defectFinding(reason: Reason, situation: Situation): Finding {
  const certificate = certificateOf(reason, situation);
  const detail = printable(reason.detail);
  const [leaf] = situation.sent;
  const isLeaf = certificate !== undefined && certificate.sha256 === leaf?.sha256;
  switch (reason.code) {
    case "expired":
      return expiredFinding(certificate, isLeaf, situation);
    case "not-yet-valid":
      return notYetValidFinding(certificate, isLeaf, situation);
    case "partial-chain":
      return isLeaf || certificate === undefined
        ? pinnedFinding(leaf, situation)
        : rootNeededFinding(certificate, situation);
    case "no-anchors":
      return noAnchorsFinding(situation);
    case "issuer-unknown":
      return leaf !== undefined && locate(leaf, situation) !== undefined
        ? pinnedFinding(leaf, situation)
        : outOfOrderFinding(situation);
    case "self-signed":
    case "self-signed-in-chain":
    case "anchor-mismatch":
    case "name-chaining":
      return outOfOrderFinding(situation);
    case "key-identifier-mismatch":
    case "signature-invalid":
      return certificate === undefined
        ? outOfOrderFinding(situation)
        : signatureInvalidFinding(certificate, null, situation);
    case "not-a-ca":
      return signerFinding(certificate, "ca", situation);
    case "key-cert-sign-missing":
      return signerFinding(certificate, "keyCertSign", situation);
    case "anchor-not-a-ca":
    case "anchor-key-cert-sign-missing":
      return certificate === undefined
        ? noAnchorsFinding(situation)
        : anchorNotCaFinding(certificate, situation);
    case "path-length-exceeded":
      return pathLengthFinding(certificate, situation);
    case "name-constraints":
    case "name-constraints-unsupported":
      return nameConstraintsFinding(certificate, detail, situation);
    case "unknown-critical-extension":
      // the simple trust manager of Java knows name constraints by their number only
      return detail.includes(NAME_CONSTRAINTS)
        ? nameConstraintsUnknownFinding(certificate, situation)
        : criticalExtensionFinding(certificate, detail, situation);
    case "algorithm-disabled":
      return weakAlgorithmFinding(certificate, detail, situation);
    case "key-too-small":
      return weakKeyFinding(certificate, detail, situation);
    case "key-usage":
    case "netscape-type":
      return leafKeyUsageFinding(certificate, detail, situation);
    case "extended-key-usage":
      return isLeaf || certificate === undefined
        ? leafPurposeFinding(certificate, situation)
        : intermediateUsageFinding(certificate, situation);
    case "policy":
      return policyFinding(situation);
    case "distrusted":
    case "blocked":
      return distrustedFinding(certificate, detail, situation);
    case "revoked":
      return revokedFinding(certificate, reason.detail, situation);
    case "revocation-unknown":
      return statusUnknownFinding(certificate, situation);
    case "chain-empty":
      return chainEmptyFinding(situation);
    case "chain-too-long":
      return tooLongFinding(detail, situation);
    case "certificate-malformed":
      return malformedFinding(detail, situation);
    case "budget-exceeded":
      return refusalFinding("estate.not-judged", situation, {
        summary: `The chain was not judged: ${detail}`,
        remedy: ["Remove certificates that do not belong to the chain"],
      });
  }
}

function certificateOf({ certificate }: Reason, situation: Situation): Certificate | undefined {
  if (certificate === null) return undefined;
  return (
    situation.anchors.find((each) => each.certificate.sha256 === certificate)?.certificate ??
    situation.sent.find(({ sha256 }) => sha256 === certificate)
  );
}

/** A certificate that may not sign: an anchor of the store, or one that is sent. */
function signerFinding(
  certificate: Certificate | undefined,
  lacks: "ca" | "keyCertSign",
  situation: Situation,
): Finding {
  return certificate !== undefined && locate(certificate, situation) !== undefined
    ? anchorNotCaFinding(certificate, situation)
    : notCaFinding(certificate, lacks, situation);
}

function pinnedFinding(leaf: Certificate | undefined, situation: Situation): Finding {
  return leaf === undefined
    ? chainEmptyFinding(situation)
    : leafPinnedInVainFinding(leaf, situation);
}

function expiredFinding(
  certificate: Certificate | undefined,
  isLeaf: boolean,
  situation: Situation,
): Finding {
  if (certificate === undefined || isLeaf) return leafExpiredFinding(certificate, situation);
  const hasTwin = validTwinSent(certificate, situation);
  if (locate(certificate, situation) !== undefined)
    return hasTwin
      ? staleIntermediateFinding(certificate, situation)
      : anchorExpiredFinding(certificate, situation);
  if (hasTwin) return intermediateStaleFinding(certificate, situation);
  return isCrossCertificate(certificate, situation)
    ? crossCertificateExpiredFinding(certificate, situation)
    : intermediateExpiredFinding(certificate, situation);
}

function notYetValidFinding(
  certificate: Certificate | undefined,
  isLeaf: boolean,
  situation: Situation,
): Finding {
  if (certificate === undefined || isLeaf) return leafNotYetValidFinding(certificate, situation);
  return locate(certificate, situation) === undefined
    ? intermediateNotYetValidFinding(certificate, situation)
    : anchorNotYetValidFinding(certificate, situation);
}
