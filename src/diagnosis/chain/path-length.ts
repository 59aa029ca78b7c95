import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

/** A CA allows fewer intermediates below itself than there are (B16). */
export function pathLengthFinding(
  certificate: Certificate | undefined,
  situation: Situation,
): Finding {
  const name = certificate === undefined ? "a certificate" : shortName(certificate.subject);
  return refusalFinding("chain.path-length", situation, {
    summary: `The path is longer than the pathLenConstraint of ${name} allows`,
    remedy: [
      "Use an intermediate directly below a CA that allows it, or have that CA re-issued with a larger pathLen",
    ],
    certificates: certificate === undefined ? [] : [certificate],
  });
}
