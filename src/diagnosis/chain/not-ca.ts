import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

/** A certificate issued another one although it may not: it is no CA (B14), or lacks keyCertSign (B15). */
export function notCaFinding(
  certificate: Certificate | undefined,
  lacks: "ca" | "keyCertSign",
  situation: Situation,
): Finding {
  const name = certificate === undefined ? "a certificate" : shortName(certificate.subject);
  return refusalFinding("chain.not-ca", situation, {
    summary: `${name} issued a certificate although it may not: ${lacks === "ca" ? "it is not a CA certificate" : "its key usage lacks keyCertSign"}`,
    remedy: [`Have ${name} re-issued as a CA with keyCertSign, and replace it on the server`],
    certificates: certificate === undefined ? [] : [certificate],
  });
}
