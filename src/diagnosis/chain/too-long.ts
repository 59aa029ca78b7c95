import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";

/** More certificates than this client takes (B23). */
export function tooLongFinding(detail: string, situation: Situation): Finding {
  return refusalFinding("chain.too-long", situation, {
    summary: `The server sends more certificates than ${situation.profile.title} accepts${detail === "" ? "" : ` (${detail})`}`,
    remedy: ["Send the certificate and its intermediates only"],
  });
}
