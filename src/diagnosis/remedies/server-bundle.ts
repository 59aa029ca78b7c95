import type { Certificate } from "../../x509/certificate.ts";
import { isSelfSigned, isSignedBy } from "../../x509/verify-signature.ts";
import { namesEqual } from "../../x509/name.ts";
import type { Situation } from "../situation.ts";

/** What a server should send: its certificate, then each one's issuer, without the root. */
export interface ServerBundle {
  /** Leaf first. */
  readonly certificates: readonly Certificate[];
  /** Whether it leads to a root or to an anchor of this client; otherwise an issuer is missing that nobody here knows. */
  readonly isComplete: boolean;
}

/** Most certificates of a bundle; no sensible hierarchy is deeper. */
const MAX_DEPTH = 10;

/**
 * Puts the right bundle together from everything at hand: what the server sends, the truststores of the client and of
 * the estate, and issuers that were fetched or seen elsewhere. Valid certificates are preferred to expired ones.
 */
export function serverBundle(situation: Situation): ServerBundle | null {
  const [leaf] = situation.sent;
  if (leaf === undefined) return null;
  const pool = knownCertificates(situation);
  const anchors = new Set(situation.anchors.map(({ certificate }) => certificate.sha256));
  const certificates = [leaf];
  for (let last = leaf; certificates.length <= MAX_DEPTH;) {
    if (isSelfSigned(last)) return { certificates, isComplete: true };
    const issuer = issuerOf(last, pool, situation.at);
    if (issuer === undefined) return { certificates, isComplete: anchors.has(last.sha256) };
    if (isSelfSigned(issuer)) return { certificates, isComplete: true };
    if (certificates.some(({ sha256 }) => sha256 === issuer.sha256)) break;
    certificates.push(issuer);
    last = issuer;
  }
  return { certificates, isComplete: false };
}

function issuerOf(
  child: Certificate,
  pool: readonly Certificate[],
  at: number,
): Certificate | undefined {
  const issuers = pool.filter(
    (candidate) =>
      candidate.sha256 !== child.sha256 &&
      namesEqual(candidate.subject, child.issuer, "openssl") &&
      isSignedBy(child, candidate),
  );
  return issuers.find(({ notBefore, notAfter }) => notBefore <= at && at <= notAfter) ?? issuers[0];
}

/** Every certificate at hand, each once, nearest first: sent, anchors, other stores, fetched or seen elsewhere. */
export function knownCertificates(situation: Situation): readonly Certificate[] {
  const { sent, anchors, elsewhere, knownIssuers = [] } = situation;
  const all = [
    ...sent,
    ...[...anchors, ...elsewhere, ...knownIssuers].map(({ certificate }) => certificate),
  ];
  return [...new Map(all.map((certificate) => [certificate.sha256, certificate])).values()];
}
