import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { dateText, shortName } from "../words.ts";

/** The server's certificate is not valid yet (C2). */
export function leafNotYetValidFinding(
  leaf: Certificate | undefined,
  situation: Situation,
): Finding {
  return refusalFinding("leaf.not-yet-valid", situation, {
    summary:
      leaf === undefined
        ? "A certificate is not valid yet"
        : `${shortName(leaf.subject)} is not valid before ${dateText(leaf.notBefore)}`,
    remedy: ["Correct the clock of this client, or wait until the certificate becomes valid"],
    certificates: leaf === undefined ? [] : [leaf],
  });
}
