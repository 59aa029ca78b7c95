import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { javaSecuritySteps } from "../remedies/java-security-steps.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

const STEPS = ["Have the certificate re-issued with a SHA-256 signature"] as const;

/** A signature algorithm that this client refuses (B20). */
export function weakAlgorithmFinding(
  certificate: Certificate | undefined,
  detail: string,
  situation: Situation,
): Finding {
  const name = certificate === undefined ? "a certificate" : shortName(certificate.subject);
  return refusalFinding("chain.weak-algorithm", situation, {
    summary: `${situation.profile.title} refuses the algorithm of ${name}${detail === "" ? "" : `: ${detail}`}`,
    remedy: [
      ...STEPS,
      ...(situation.profile.storeFamily === "java"
        ? javaSecuritySteps("jdk.certpath.disabledAlgorithms", "this algorithm")
        : []),
    ],
    certificates: certificate === undefined ? [] : [certificate],
  });
}

/** A signature with SHA-1 or MD5 below the anchor that this client bears; null where there is none. */
export function weakAlgorithmOverlookedFinding(
  path: readonly Certificate[],
  { profile }: Situation,
): Finding | null {
  const weak = path.slice(0, -1).filter(({ signatureAlgorithm }) => {
    const hash = signatureAlgorithm?.hash ?? null;
    return hash === "sha1" || hash === "md5" || hash === "md2";
  });
  const [first] = weak;
  if (first === undefined) return null;
  const hash = first.signatureAlgorithm?.hash === "sha1" ? "SHA-1" : "MD5";
  return makeFinding("chain.weak-algorithm", {
    severity: "warning",
    summary: `${shortName(first.subject)} is signed with ${hash}; ${profile.title} accepts that here, OpenSSL, Go and Node.js clients refuse it`,
    remedy: STEPS,
    certificates: weak,
  });
}
