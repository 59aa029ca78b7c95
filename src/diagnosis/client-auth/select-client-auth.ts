import type { Handshake } from "../../probe/handshake.ts";
import type { Thresholds } from "../assessment.ts";
import type { Finding } from "../finding.ts";
import { acceptsIssuerOf, cutListLength } from "./accepted-authorities.ts";
import { authoritiesTruncatedFinding } from "./authorities-truncated.ts";
import { chainIncompleteFinding, missingIntermediate } from "./chain-incomplete.ts";
import { expiredOwnFinding } from "./expired.ts";
import { ownExpiryFinding } from "./expiring.ts";
import { keyMismatchFinding, unusableIdentityFinding } from "./key-mismatch.ts";
import { noMatchFinding } from "./no-match.ts";
import { notListedFinding } from "./not-listed.ts";
import { optionalFinding } from "./optional.ts";
import { lacksClientAuth, type OwnCertificate, ownCertificates } from "./own-certificate.ts";
import { laterRefusal } from "./refused-later.ts";
import { refusedFinding } from "./refused.ts";
import { missesCertificate, requiredFinding, requiredLaterFinding } from "./required.ts";
import { revokedOwnFinding } from "./revoked.ts";
import { unknownCaFinding } from "./unknown-ca.ts";
import { unsupportedFinding } from "./unsupported.ts";

/** Why a server that insists on a client certificate got none. */
export function absentCertificateFinding(handshake: Handshake, own: OwnCertificate): Finding {
  const answer = handshake.clientCertificateAnswer;
  const reason = answer?.kind === "empty" ? answer.reason : "not-configured";
  if (reason === "not-configured")
    return (own.problem ?? null) === null
      ? requiredFinding(handshake, own)
      : unusableIdentityFinding(handshake, own.problem ?? "", own);
  const length = reason === "no-accepted-issuer" ? cutListLength(handshake) : null;
  return length === null
    ? noMatchFinding(handshake, reason, own)
    : authoritiesTruncatedFinding(handshake, length, own);
}

/** Alerts of TLS by number, as far as servers answer client certificates with them (RFC 8446 section 6.2). */
const ALERT = {
  badCertificate: 42,
  unsupportedCertificate: 43,
  revoked: 44,
  expired: 45,
  unknown: 46,
  unknownCa: 48,
  accessDenied: 49,
  decryptError: 51,
} as const;

/** Why a server refused the client certificate that it got. */
export function refusedCertificateFinding(handshake: Handshake, own: OwnCertificate): Finding {
  const { alert } = handshake;
  const chain = ownCertificates(own.ownChain);
  const [leaf] = chain;
  if (alert?.code === ALERT.expired || (leaf !== undefined && leaf.notAfter < own.at))
    return expiredOwnFinding(handshake, leaf, own);
  if (alert?.code === ALERT.decryptError) return keyMismatchFinding(handshake, own);
  if (alert?.code === ALERT.revoked) return revokedOwnFinding(handshake, leaf, own);
  if (alert?.code === ALERT.unsupportedCertificate || lacksClientAuth(leaf))
    return unsupportedFinding(handshake, leaf, own);
  const missing = missingIntermediate(chain, own.known ?? []);
  if (leaf !== undefined && missing !== null)
    return chainIncompleteFinding(handshake, leaf, missing, own);
  const isAccepted = acceptsIssuerOf(handshake, chain);
  switch (alert?.code) {
    case ALERT.unknownCa:
      return unknownCaFinding(handshake, leaf, own);
    case ALERT.accessDenied:
      if (isAccepted === false) return unknownCaFinding(handshake, leaf, own);
      return leaf === undefined
        ? refusedFinding(handshake, own)
        : notListedFinding(handshake, leaf, own);
    case ALERT.badCertificate:
    case ALERT.unknown:
      return leaf !== undefined && isAccepted === true
        ? notListedFinding(handshake, leaf, own)
        : refusedFinding(handshake, own);
    case undefined:
    default:
      return isAccepted === false
        ? unknownCaFinding(handshake, leaf, own)
        : refusedFinding(handshake, own);
  }
}

/** What there is to say about client certificates once a handshake is complete. */
export function completeClientAuthFindings(
  handshake: Handshake,
  own: OwnCertificate,
  thresholds: Thresholds,
): readonly Finding[] {
  const { clientCertificateAnswer: answer, request } = handshake;
  if (handshake.outcome !== "complete") return [];
  const { problem = null } = own;
  if (answer === null)
    return problem === null ? [] : [unusableIdentityFinding(handshake, problem, own)];
  if (answer.kind === "sent") {
    const leaf = ownCertificates(own.ownChain).find(({ sha256 }) => sha256 === answer.sha256);
    const length = cutListLength(handshake);
    const refusal = laterRefusal(handshake, own);
    return [
      refusal === "certificate" ? refusedCertificateFinding(handshake, own) : null,
      refusal === "client" && leaf !== undefined ? notListedFinding(handshake, leaf, own) : null,
      refusal === "certificate" ? null : ownExpiryFinding(handshake, own, thresholds),
      length === null ? null : authoritiesTruncatedFinding(handshake, length, own),
    ].filter((finding) => finding !== null);
  }
  if (answer.reason !== "not-configured" || problem !== null)
    return [absentCertificateFinding(handshake, own)];
  if (request !== null && missesCertificate(handshake, request))
    return [requiredLaterFinding(handshake, request)];
  return [optionalFinding(handshake)];
}
