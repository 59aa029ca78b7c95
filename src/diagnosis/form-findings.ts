import type { CandidatePath } from "../trust/path-graph.ts";
import type { Reason } from "../trust/reason.ts";
import type { Certificate } from "../x509/certificate.ts";
import { isSelfSigned } from "../x509/verify-signature.ts";
import { isCrossCertificate, validTwinSent } from "./certificate-facts.ts";
import { orderOverlookedFinding, outOfOrderFinding } from "./chain/out-of-order.ts";
import { superfluousFinding } from "./chain/superfluous.ts";
import { weakAlgorithmFinding } from "./chain/weak-algorithm.ts";
import { defectFinding } from "./defect-findings.ts";
import type { Finding } from "./finding.ts";
import type { Situation } from "./situation.ts";

/** Reasons by which a client says that it does not find its way through what was sent. */
export const LOST: ReadonlySet<Reason["code"]> = new Set([
  "issuer-unknown",
  "anchor-mismatch",
  "name-chaining",
  "self-signed",
  "self-signed-in-chain",
  "key-identifier-mismatch",
  "signature-invalid",
]);

/**
 * A path without any fault exists, and the client does not find it: the form of what was sent is at fault (B6, B7), or
 * the form hides what is (section 2.1 of the JDK's habits: its builder swallows every inner reason). Null when the
 * client's own reason says what is wrong.
 */
export function formFinding(
  { nodes }: CandidatePath,
  reason: Reason,
  situation: Situation,
): Finding | null {
  const path = nodes.map(({ certificate }) => certificate);
  const [leaf] = path;
  const isDuplicateLeaf = reason.code === "not-a-ca" && reason.certificate === leaf?.sha256;
  if (path.length < 2 || !(LOST.has(reason.code) || isDuplicateLeaf)) return null;
  const inOrder = situation.judgeAgain(path);
  if (inOrder.trusted !== true)
    return inOrder.reason === null || LOST.has(inOrder.reason.code)
      ? weakSignatureFinding(path, situation)
      : defectFinding(inOrder.reason, situation);
  const extra = unusedIn(path, situation);
  return isInOrder(path, situation) && extra.length > 0
    ? superfluousFinding(extra, situation)
    : outOfOrderFinding(situation);
}

/** A client that leaves out every edge with a weak signature says no more than that it does not know the issuer. */
export function weakSignatureFinding(
  path: readonly Certificate[],
  situation: Situation,
): Finding | null {
  const weak = path
    .slice(0, -1)
    .find(({ signatureAlgorithm }) =>
      ["sha1", "md5", "md2"].includes(signatureAlgorithm?.hash ?? ""),
    );
  return weak === undefined
    ? null
    : weakAlgorithmFinding(
        weak,
        weak.signatureAlgorithm?.hash === "sha1" ? "SHA-1" : "MD5",
        situation,
      );
}

/** The order in which the certificates of a faulty path come, where it is wrong: harmless for most clients. */
export function orderFindings(
  { nodes, end }: CandidatePath,
  situation: Situation,
): readonly Finding[] {
  const { rules } = situation.profile;
  const path = nodes.map(({ certificate }) => certificate);
  if (path.length < 2 || isInOrder(path, situation)) return [];
  const isMinded = end === "anchor" && rules.kind === "java" && rules.validator === "simple";
  return [isMinded ? outOfOrderFinding(situation) : orderOverlookedFinding(situation)];
}

/** Whether the certificates of a path come in its order. */
export function isInOrder(path: readonly Certificate[], { sent }: Situation): boolean {
  const used = new Set(path.map(({ sha256 }) => sha256));
  const order = [...new Set(sent.map(({ sha256 }) => sha256).filter((sha256) => used.has(sha256)))];
  const wanted = path.map(({ sha256 }) => sha256).filter((sha256) => order.includes(sha256));
  return order.join() === wanted.join();
}

/** Certificates that are sent twice, or are not on the path. */
function unusedIn(path: readonly Certificate[], { sent }: Situation): readonly Certificate[] {
  const used = new Set(path.map(({ sha256 }) => sha256));
  const seen = new Set<string>();
  return sent.filter(({ sha256 }) => {
    const repeated = seen.has(sha256);
    seen.add(sha256);
    return repeated || !used.has(sha256);
  });
}

/** Those of them that nobody needs: no root of the path, no copy of another validity, no cross-certificate. */
export function superfluousIn(
  path: readonly Certificate[],
  situation: Situation,
): readonly Certificate[] {
  const { sent } = situation;
  return unusedIn(path, situation).filter(
    (each) =>
      sent.filter(({ sha256 }) => sha256 === each.sha256).length > 1 ||
      !isExplained(each, situation),
  );
}

/** Certificates beside the path that other findings tell about. */
function isExplained(certificate: Certificate, situation: Situation): boolean {
  const top = situation.verdict.path.at(-1);
  return (
    (isSelfSigned(certificate) && top?.subject.text === certificate.subject.text) ||
    (certificate.notAfter < situation.at && validTwinSent(certificate, situation)) ||
    isCrossCertificate(certificate, situation)
  );
}
