import type { Certificate } from "../../x509/certificate.ts";
import { placeOf } from "../certificate-facts.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { copySteps } from "../remedies/anchor-steps.ts";
import type { LocatedAnchor, Situation } from "../situation.ts";
import { shortName } from "../words.ts";

/** Another truststore of the estate holds the CA that this one lacks (A3). */
export function anchorElsewhereFinding(
  top: Certificate,
  found: LocatedAnchor,
  situation: Situation,
): Finding {
  return refusalFinding("truststore.anchor-elsewhere", situation, {
    summary: `${shortName(found.certificate.subject)} is missing in ${situation.store.name}, but ${placeOf(found, situation)} holds it; the server's chain is in order`,
    remedy: copySteps(found, situation),
    certificates: [top, found.certificate],
    alias: found.alias,
  });
}
