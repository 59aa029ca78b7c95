import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

/** A critical extension that this client does not know (B19). */
export function criticalExtensionFinding(
  certificate: Certificate | undefined,
  detail: string,
  situation: Situation,
): Finding {
  const name = certificate === undefined ? "a certificate" : shortName(certificate.subject);
  return refusalFinding("chain.critical-extension", situation, {
    summary: `${name} has a critical extension that ${situation.profile.title} does not know${detail === "" ? "" : ` (${detail})`}`,
    remedy: ["Have the certificate re-issued without this extension, or with it not critical"],
    certificates: certificate === undefined ? [] : [certificate],
  });
}
