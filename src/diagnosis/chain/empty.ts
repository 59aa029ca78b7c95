import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";

/** The server sent no certificate. */
export function chainEmptyFinding(situation: Situation): Finding {
  return refusalFinding("chain.empty", situation, {
    summary: "The server sent no certificate",
    remedy: ["Configure a certificate on the server"],
  });
}
