import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { javaSecuritySteps } from "../remedies/java-security-steps.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

/** A CA that this client refuses by name, whatever truststore it is in (A18). */
export function distrustedFinding(
  certificate: Certificate | undefined,
  detail: string,
  situation: Situation,
): Finding {
  const name = certificate === undefined ? "a certificate" : shortName(certificate.subject);
  return refusalFinding("chain.distrusted", situation, {
    summary: `${situation.profile.title} distrusts ${name}${detail === "" ? "" : ` (${detail})`}, whatever truststore it is in`,
    remedy: [
      "Have the certificate issued by another CA",
      "Importing the same root elsewhere does not help; jdk.security.caDistrustPolicies in java.security decides",
      ...(situation.profile.storeFamily === "java"
        ? javaSecuritySteps("jdk.security.caDistrustPolicies", "the policy of this CA")
        : []),
    ],
    certificates: certificate === undefined ? [] : [certificate],
  });
}
