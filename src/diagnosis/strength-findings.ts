import type { CandidatePath } from "../trust/path-graph.ts";
import type { ReasonCode } from "../trust/reason.ts";
import type { Certificate } from "../x509/certificate.ts";
import { weakAlgorithmOverlookedFinding } from "./chain/weak-algorithm.ts";
import { weakKeyOverlookedFinding } from "./chain/weak-key.ts";
import { defectFinding } from "./defect-findings.ts";
import type { Finding } from "./finding.ts";
import { LOST, weakSignatureFinding } from "./form-findings.ts";
import type { Situation } from "./situation.ts";

const WEAK: ReadonlySet<ReasonCode> = new Set<ReasonCode>(["key-too-small", "algorithm-disabled"]);

/** Keys and signatures of a path that this client refuses for something else: those too weak for it, or for others. */
export function strengthFindings(
  { nodes }: CandidatePath,
  situation: Situation,
): readonly Finding[] {
  const path = signedPart(nodes);
  // the time at which most of them are valid, so that dates do not come first
  const at = Math.max(...path.map(({ notBefore }) => notBefore));
  const { reason, trusted } = situation.judgeAnchored(path, at);
  if (reason !== null && WEAK.has(reason.code)) return [defectFinding(reason, situation)];
  if (reason !== null && LOST.has(reason.code)) {
    const weak = weakSignatureFinding(path, situation);
    return weak === null ? [] : [weak];
  }
  if (trusted !== true) return [];
  return [
    weakAlgorithmOverlookedFinding(path, situation),
    weakKeyOverlookedFinding(path, situation),
  ].filter((finding) => finding !== null);
}

/** The path up to where a signature does not fit the certificate above: what is there is not what issued it. */
function signedPart(nodes: CandidatePath["nodes"]): readonly Certificate[] {
  const broken = nodes.findIndex(({ edge }) =>
    edge.some(({ code }) => code === "signature-invalid"),
  );
  return nodes
    .slice(0, broken === -1 ? nodes.length : broken + 1)
    .map(({ certificate }) => certificate);
}
