import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";

/** A certificate that this client cannot read (B24). */
export function malformedFinding(detail: string, situation: Situation): Finding {
  return refusalFinding("chain.malformed", situation, {
    summary: `A certificate of the chain cannot be read by ${situation.profile.title}${detail === "" ? "" : `: ${detail}`}`,
    remedy: ["Have the certificate re-issued in correct form"],
  });
}
