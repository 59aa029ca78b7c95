import type { CandidatePath, PathNode } from "../trust/path-graph.ts";
import { type Reason, reason as withoutPlace } from "../trust/reason.ts";
import { absenceFinding } from "./absence-findings.ts";
import { defectFinding } from "./defect-findings.ts";
import type { Finding } from "./finding.ts";
import { rekeyedFinding, signatureFinding } from "./signature-findings.ts";
import type { Situation } from "./situation.ts";

/** Findings for a chain that the client refuses: the cheapest repair first, independent defects behind it. */
export function refusalFindings(situation: Situation): readonly Finding[] {
  const { verdict } = situation;
  if (verdict.reason === null) return [];
  const best = bestPath(verdict.candidates, verdict.reason);
  const headline = headlineFor(best, verdict.reason, situation);
  const others = (best?.nodes ?? [])
    .flatMap(({ defects }) => defects)
    .filter((defect) => isIndependent(defect, situation))
    .map((defect) => defectFinding(defect, situation));
  return [headline, ...others.filter(({ code }) => code !== headline.code)];
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
  return defectFinding(specific(best, reason), situation);
}

function brokenEdgeFinding(path: CandidatePath, broken: PathNode, situation: Situation): Finding {
  const issuer = path.nodes[path.nodes.indexOf(broken) + 1];
  const fromStore = issuer !== undefined && issuer.source !== "sent";
  const identifiersDiffer = broken.edge.some(({ code }) => code === "key-identifier-mismatch");
  const isCorrupt = !identifiersDiffer && !fromStore;
  if (issuer === undefined || isCorrupt || !fromStore)
    return signatureFinding(broken.certificate, issuer?.certificate ?? null, situation);
  return rekeyedFinding(broken.certificate, issuer.certificate, situation);
}

/** Reasons that a client gives when it swallows the true one. */
const VAGUE: ReadonlySet<Reason["code"]> = new Set(["issuer-unknown", "anchor-mismatch"]);

/** The defect that explains a vague refusal; the client's own reason otherwise. */
function specific({ nodes }: CandidatePath, reason: Reason): Reason {
  if (!VAGUE.has(reason.code)) return reason;
  return (
    nodes.flatMap(({ defects }) => defects)[0] ?? nodes.flatMap(({ edge }) => edge)[0] ?? reason
  );
}

/** Whether a defect would make this client refuse on its own once the headline is repaired. */
function isIndependent({ code, depth }: Reason, { verdict, profile }: Situation): boolean {
  const isJava = profile.storeFamily === "java";
  const top = verdict.path.length - 1;
  switch (code) {
    case "expired":
    case "not-yet-valid":
      return !isJava || depth === 0 || depth !== top;
    case "extended-key-usage":
      return !isJava || depth === 0;
    default:
      return true;
  }
}
