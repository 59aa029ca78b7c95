import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { dateText, shortName } from "../words.ts";

/** An intermediate that is sent is not valid yet. */
export function intermediateNotYetValidFinding(
  intermediate: Certificate,
  situation: Situation,
): Finding {
  const name = shortName(intermediate.subject);
  return refusalFinding("chain.intermediate-not-yet-valid", situation, {
    summary: `The intermediate ${name} is not valid before ${dateText(intermediate.notBefore)}`,
    remedy: [
      "Correct the clock of this client if it is behind",
      `Otherwise let the server send the previous certificate of ${name} until then`,
    ],
    certificates: [intermediate],
  });
}
