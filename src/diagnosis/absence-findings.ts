import type { CandidatePath } from "../trust/path-graph.ts";
import { type Certificate, isSelfIssued, sameKey } from "../x509/certificate.ts";
import { basicConstraints, valueOf } from "../x509/extensions.ts";
import { namesEqual } from "../x509/name.ts";
import { isSelfSigned, isSignedBy } from "../x509/verify-signature.ts";
import {
  crossCertificateFor,
  crossCertificateMissingFinding,
} from "./chain/cross-certificate-missing.ts";
import { chainEmptyFinding } from "./chain/empty.ts";
import { incompleteFinding } from "./chain/incomplete.ts";
import { knownCertificateFinding, notoriousIn } from "./chain/known-certificate.ts";
import { selfSignedFinding } from "./chain/self-signed.ts";
import { unrelatedIntermediateFinding } from "./chain/unrelated-intermediate.ts";
import type { Finding } from "./finding.ts";
import type { LocatedAnchor, Situation } from "./situation.ts";
import { anchorElsewhereFinding } from "./truststore/anchor-elsewhere.ts";
import { anchorMissingFinding, sentRootMissingFinding } from "./truststore/anchor-missing.ts";
import { anchorRekeyedFinding } from "./truststore/anchor-rekeyed.ts";
import { bundleOutdatedFinding, isBundle } from "./truststore/bundle-outdated.ts";
import { cacertsMaskedFinding, isMasked } from "./truststore/cacerts-masked.ts";
import { entryInvisibleFinding, unseenIssuer } from "./truststore/entry-invisible.ts";
import { isKeystoreOnly, keystoreUsedInVainFinding } from "./truststore/keystore-used.ts";
import { leafPinnedBeforeRenewalFinding } from "./truststore/leaf-pinned.ts";

/**
 * The finding for a path that reaches no anchor: something is missing, in the store or in what was sent. What explains
 * why it is missing goes before the bare fact, and what the client's own files hold before other stores.
 */
export function absenceFinding(path: CandidatePath, situation: Situation): Finding {
  const top = path.nodes.at(-1)?.certificate;
  const [leaf] = situation.sent;
  if (top === undefined || leaf === undefined) return chainEmptyFinding(situation);
  const notorious = notoriousIn(situation);
  if (notorious !== undefined) return knownCertificateFinding(notorious, situation);
  const isRoot = path.end === "self-signed";
  const unseen = unseenIssuer(top, isRoot, situation);
  if (isKeystoreOnly(situation) && (unseen !== undefined || previousOf(leaf, situation)))
    return keystoreUsedInVainFinding(top, situation);
  if (unseen !== undefined) return entryInvisibleFinding(unseen, situation);
  if (isRoot && path.nodes.length === 1) return selfSignedFinding(leaf, situation);
  const previous = previousOf(leaf, situation);
  if (previous !== undefined) return leafPinnedBeforeRenewalFinding(leaf, previous, situation);
  const former = isRoot ? formerKeyOf(top, situation) : undefined;
  if (former !== undefined)
    return anchorRekeyedFinding(path.nodes.at(-2)?.certificate ?? leaf, former, situation);
  const found = isRoot ? sameIn(top, situation) : issuerIn(top, situation);
  if (found !== undefined && isSelfIssued(found.certificate))
    return otherStoreFinding(top, found, situation);
  const cross = crossCertificateFor(top, situation);
  if (cross !== undefined && top.sha256 !== leaf.sha256)
    return crossCertificateMissingFinding(top, cross, situation);
  if (isRoot) return sentRootMissingFinding(top, situation);
  if (top.sha256 !== leaf.sha256) return anchorMissingFinding(top, situation);
  return situation.sent.some(({ sha256 }) => sha256 !== leaf.sha256)
    ? unrelatedIntermediateFinding(leaf, found, situation)
    : incompleteFinding(leaf, found, situation);
}

function otherStoreFinding(top: Certificate, found: LocatedAnchor, situation: Situation): Finding {
  if (isMasked(found, situation)) return cacertsMaskedFinding(top, found, situation);
  return isBundle(situation.store) && isBundle(found.store)
    ? bundleOutdatedFinding(top, found, situation)
    : anchorElsewhereFinding(top, found, situation);
}

function sameIn(root: Certificate, { elsewhere }: Situation): LocatedAnchor | undefined {
  return elsewhere.find(({ certificate }) => certificate.sha256 === root.sha256);
}

/** The certificate of a root that is sent, with the key that it had before. */
function formerKeyOf(root: Certificate, { anchors }: Situation): Certificate | undefined {
  return anchors.find(
    ({ certificate }) =>
      namesEqual(certificate.subject, root.subject, "openssl") && !sameKey(certificate, root),
  )?.certificate;
}

/** Who issued a certificate, among the other stores' anchors; a root goes before a cross-certificate of it. */
function issuerIn(child: Certificate, { elsewhere }: Situation): LocatedAnchor | undefined {
  const issuers = elsewhere.filter(
    ({ certificate }) =>
      namesEqual(certificate.subject, child.issuer, "openssl") && isSignedBy(child, certificate),
  );
  return issuers.find(({ certificate }) => isSelfIssued(certificate)) ?? issuers[0];
}

/** An earlier certificate of the same server, which somebody imported in place of its CA. */
function previousOf(leaf: Certificate, { anchors }: Situation): LocatedAnchor | undefined {
  return anchors.find(
    ({ certificate }) =>
      certificate.sha256 !== leaf.sha256 &&
      namesEqual(certificate.subject, leaf.subject, "openssl") &&
      valueOf(basicConstraints(certificate))?.ca !== true &&
      !isSelfSigned(certificate),
  );
}
