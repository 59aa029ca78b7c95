import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

/** A CA of the path may not sign a name of the certificate (B17). */
export function nameConstraintsFinding(
  certificate: Certificate | undefined,
  detail: string,
  situation: Situation,
): Finding {
  const name = certificate === undefined ? "a certificate" : shortName(certificate.subject);
  return refusalFinding("chain.name-constraints", situation, {
    summary: `${name} carries a name that the name constraints of its CA forbid${detail === "" ? "" : `: ${detail}`}`,
    remedy: ["Have the certificate issued by a CA that may sign this name, or change the name"],
    certificates: certificate === undefined ? [] : [certificate],
  });
}

/** A CA of the path has name constraints, and this client refuses every certificate with such, whatever it is called (B17). */
export function nameConstraintsUnknownFinding(
  certificate: Certificate | undefined,
  situation: Situation,
): Finding {
  const name = certificate === undefined ? "a certificate" : shortName(certificate.subject);
  return refusalFinding("chain.name-constraints", situation, {
    summary: `${name} has critical name constraints, which ${situation.profile.title} does not understand and therefore refuses`,
    remedy: [
      "Have the client use the PKIX trust manager (ssl.TrustManagerFactory.algorithm=PKIX), which evaluates them",
      "Or have the certificate issued by a CA without name constraints",
    ],
    certificates: certificate === undefined ? [] : [certificate],
  });
}
