import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";

/** A link that cannot be judged because the client's own certificate and key cannot be used. `cause` says why. */
export function unusableIdentityFinding(client: string, cause: string): Finding {
  return makeFinding("estate.not-judged", {
    severity: "critical",
    summary: `The link cannot be judged as ${client} because its own certificate and key cannot be used: ${cause}`,
    remedy: [`Correct the identity of the client ${client} in the estate, or the files it names`],
  });
}
