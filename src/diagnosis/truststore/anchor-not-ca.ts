import type { Certificate } from "../../x509/certificate.ts";
import { locate, placeOf } from "../certificate-facts.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

/** The path ends at an anchor that may not sign certificates (A16). */
export function anchorNotCaFinding(anchor: Certificate, situation: Situation): Finding {
  const located = locate(anchor, situation);
  const isJava = situation.profile.storeFamily === "java";
  return refusalFinding("truststore.anchor-not-ca", situation, {
    summary: `The anchor ${shortName(anchor.subject)} in ${placeOf(located, situation)} is not a CA certificate that may sign certificates, so ${situation.profile.title} refuses it`,
    remedy: [
      "Have the root re-issued with basicConstraints CA:TRUE and keyUsage keyCertSign, and replace it in the truststore",
      ...(isJava ? ["Stopgap for Java: -Djdk.security.allowNonCaAnchor=true"] : []),
    ],
    certificates: [anchor],
    alias: located?.alias ?? null,
  });
}
