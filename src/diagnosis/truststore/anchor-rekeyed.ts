import type { Certificate } from "../../x509/certificate.ts";
import { keyIdentifier, locate, placeOf } from "../certificate-facts.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { dateText, fingerprint, shortName } from "../words.ts";
import { rootSteps } from "./root-steps.ts";

/** The store holds a CA of the right name with another key: the CA was re-keyed (A15). */
export function anchorRekeyedFinding(
  child: Certificate,
  stored: Certificate,
  situation: Situation,
): Finding {
  const located = locate(stored, situation);
  const identifier = keyIdentifier(stored);
  const key = identifier === null ? "another key" : `another key (identifier ${identifier})`;
  return refusalFinding("truststore.anchor-rekeyed", situation, {
    summary: `${placeOf(located, situation)} holds ${key} of ${shortName(stored.subject)}: the CA was re-keyed, and the certificate of ${shortName(child.subject)} is signed with the new key`,
    remedy: [
      ...rootSteps(child, situation),
      `Keep the old certificate (SHA-256 ${fingerprint(stored)}, valid until ${dateText(stored.notAfter)}) while anything still uses it`,
    ],
    certificates: [child, stored],
    alias: located?.alias ?? null,
  });
}
