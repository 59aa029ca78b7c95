import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { replaceIntermediateSteps } from "../remedies/server-steps.ts";
import type { Situation } from "../situation.ts";
import { dateText, distanceText, shortName } from "../words.ts";

/** An intermediate that is sent has expired (B4). */
export function intermediateExpiredFinding(
  intermediate: Certificate,
  situation: Situation,
): Finding {
  const name = shortName(intermediate.subject);
  return refusalFinding("chain.intermediate-expired", situation, {
    summary: `The intermediate ${name} expired on ${dateText(intermediate.notAfter)}, ${distanceText(intermediate.notAfter, situation.at)} ago`,
    remedy: replaceIntermediateSteps(intermediate, situation),
    certificates: [intermediate],
  });
}
