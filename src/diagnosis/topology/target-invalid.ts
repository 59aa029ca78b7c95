import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";

/** A line of a list is no target. `message` says why. */
export function targetInvalidFinding(message: string): Finding {
  return makeFinding("topology.target-invalid", {
    severity: "critical",
    summary: message,
    remedy: ["Correct the target: host, host:port, [v6]:port or a URL such as ldaps://host:636"],
  });
}
