import type { CandidatePath, PathNode } from "../trust/path-graph.ts";
import { type Reason, reason as withoutPlace } from "../trust/reason.ts";
import type { Certificate } from "../x509/certificate.ts";
import { isSelfSigned } from "../x509/verify-signature.ts";
import { absenceFinding } from "./absence-findings.ts";
import { incompleteBesideFinding } from "./chain/incomplete.ts";
import { intermediateRekeyedFinding } from "./chain/intermediate-rekeyed.ts";
import { signatureInvalidFinding } from "./chain/signature-invalid.ts";
import { defectFinding } from "./defect-findings.ts";
import type { Finding } from "./finding.ts";
import { formFinding, LOST, orderFindings } from "./form-findings.ts";
import type { Situation } from "./situation.ts";
import { strengthFindings } from "./strength-findings.ts";
import { anchorRekeyedFinding } from "./truststore/anchor-rekeyed.ts";
import { leafPinnedInVainFinding } from "./truststore/leaf-pinned.ts";

/** Findings for a chain that the client refuses: the cheapest repair first, independent defects behind it. */
export function refusalFindings(situation: Situation): readonly Finding[] {
  const { verdict } = situation;
  if (verdict.reason === null) return [];
  const best = bestPath(verdict.candidates, verdict.reason);
  const headline = headlineFor(best, verdict.reason, situation);
  const bare = headline.code === "truststore.leaf-pinned" ? bareLeafFindings(best, situation) : [];
  const others = [...bare, ...faultsOf(best, situation)].filter(
    ({ code }) => code !== headline.code,
  );
  return withWords([headline, ...others], verdict.reason, situation);
}

/** What is wrong with a chain whatever the truststore of the client holds, which nobody knows. */
export function faultsWithoutStore(situation: Situation): readonly Finding[] {
  const { candidates, reason } = situation.verdict;
  if (reason !== null && WHOLE_CHAIN.has(reason.code) && reason.code !== "no-anchors")
    return [defectFinding(reason, situation)];
  const [best] = candidates;
  return [...bareLeafFindings(best, situation), ...faultsOf(best, situation)];
}

/** A certificate that nobody sends the issuer of, where something else about it is to be repaired first. */
function bareLeafFindings(
  best: CandidatePath | undefined,
  situation: Situation,
): readonly Finding[] {
  const [leaf, ...others] = situation.sent;
  const isBare = best?.nodes.length === 1 && best.end === "issuer-unknown";
  return leaf !== undefined && others.length === 0 && isBare
    ? [incompleteBesideFinding(leaf, situation)]
    : [];
}

/** Everything that would still be wrong with a path if it led to an anchor. */
function faultsOf(best: CandidatePath | undefined, situation: Situation): readonly Finding[] {
  if (best === undefined) return [];
  return [
    ...defectsOf(best, situation).map((defect) => defectFinding(defect, situation)),
    ...strengthFindings(best, situation),
    ...orderFindings(best, situation),
  ];
}

/** The client's words belong to what it says them about; its first reason need not be what is to be repaired first. */
function withWords(
  findings: readonly Finding[],
  reason: Reason,
  situation: Situation,
): readonly Finding[] {
  const own = LOST.has(reason.code) ? null : defectFinding(reason, situation).code;
  const spoken = findings.find(({ code }) => code === own) ?? findings[0];
  return findings.map((finding) =>
    finding === spoken ? finding : { ...finding, clientMessage: null },
  );
}

/** The candidate that the client's reason is about, else the one that is cheapest to repair. */
function bestPath(candidates: readonly CandidatePath[], reason: Reason): CandidatePath | undefined {
  if (reason.certificate === null) return candidates[0];
  const about = candidates.find(
    (path) =>
      isSound(path) &&
      path.end === "anchor" &&
      path.nodes.some(({ certificate }) => certificate.sha256 === reason.certificate),
  );
  return about ?? candidates[0];
}

function isSound({ nodes }: CandidatePath): boolean {
  return nodes.every(({ edge }) => !edge.some(({ code }) => code === "signature-invalid"));
}

/** Causes that lie in the trust manager's hands whatever paths there are. */
const WHOLE_CHAIN: ReadonlySet<Reason["code"]> = new Set([
  "chain-empty",
  "chain-too-long",
  "certificate-malformed",
  "no-anchors",
  "distrusted",
  "blocked",
  "revoked",
  "revocation-unknown",
  "budget-exceeded",
]);

function headlineFor(
  best: CandidatePath | undefined,
  reason: Reason,
  situation: Situation,
): Finding {
  if (situation.anchors.length === 0) return defectFinding(withoutPlace("no-anchors"), situation);
  if (best === undefined || WHOLE_CHAIN.has(reason.code)) return defectFinding(reason, situation);
  if (best.end !== "anchor") return absenceFinding(best, situation);
  const broken = best.nodes.find(({ edge }) =>
    edge.some(({ code }) => code === "signature-invalid"),
  );
  if (broken !== undefined) return brokenEdgeFinding(best, broken, situation);
  const [only, ...others] = best.nodes;
  if (only !== undefined && others.length === 0 && isPinRefused(only.certificate, reason))
    return leafPinnedInVainFinding(only.certificate, situation);
  if (defectsOf(best, situation).length > 0)
    return defectFinding(specific(best, reason, situation), situation);
  return (
    formFinding(best, reason, situation) ??
    defectFinding(specific(best, reason, situation), situation)
  );
}

/** Whether a client looks for the issuer of a certificate that is itself in the store. */
function isPinRefused(leaf: Certificate, { code }: Reason): boolean {
  return (code === "issuer-unknown" || code === "partial-chain") && !isSelfSigned(leaf);
}

/** A certificate of the right name whose key does not fit: in the store (A15), sent along (B3), or damaged (B13). */
function brokenEdgeFinding(path: CandidatePath, broken: PathNode, situation: Situation): Finding {
  const issuer = path.nodes[path.nodes.indexOf(broken) + 1];
  const child = broken.certificate;
  if (issuer === undefined) return signatureInvalidFinding(child, null, situation);
  if (issuer.source !== "sent") return anchorRekeyedFinding(child, issuer.certificate, situation);
  return broken.edge.some(({ code }) => code === "key-identifier-mismatch")
    ? intermediateRekeyedFinding(child, issuer.certificate, situation)
    : signatureInvalidFinding(child, issuer.certificate, situation);
}

/** The defect that explains a refusal by a client that says only that it is lost; the client's own reason otherwise. */
function specific(path: CandidatePath, reason: Reason, situation: Situation): Reason {
  const { nodes } = path;
  const all = nodes.flatMap(({ defects }) => defects);
  if (reason.certificate === null) {
    const located = all.find(({ code }) => code === reason.code);
    if (located !== undefined) return located;
  }
  if (!LOST.has(reason.code)) return reason;
  return defectsOf(path, situation)[0] ?? all[0] ?? nodes.flatMap(({ edge }) => edge)[0] ?? reason;
}

/** Defects of a path that this client minds on their own, whatever else is repaired. */
function defectsOf(path: CandidatePath | undefined, situation: Situation): readonly Reason[] {
  const nodes = path?.nodes ?? [];
  return nodes.flatMap(({ defects }, depth) => {
    const isAnchor = path?.end === "anchor" && depth > 0 && depth === nodes.length - 1;
    return defects.filter(({ code }) => !isOverlooked(code, { depth, isAnchor }, situation));
  });
}

/** Java looks neither at the dates of anchors nor at what intermediates may be used for. */
function isOverlooked(
  code: Reason["code"],
  { depth, isAnchor }: { readonly depth: number; readonly isAnchor: boolean },
  { profile }: Situation,
): boolean {
  if (profile.storeFamily !== "java") return false;
  switch (code) {
    case "expired":
    case "not-yet-valid":
      return isAnchor;
    case "extended-key-usage":
      return depth > 0;
    default:
      return false;
  }
}
