import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";

/** The certificate policies of the path do not lead to one that this client accepts. */
export function policyFinding(situation: Situation): Finding {
  return refusalFinding("chain.refused", situation, {
    summary: "The certificate policies of the path are not satisfied",
    remedy: ["Use an intermediate whose policies the client accepts"],
  });
}
