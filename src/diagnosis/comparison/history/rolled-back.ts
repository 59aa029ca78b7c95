import type { Certificate } from "../../../x509/certificate.ts";
import type { Finding } from "../../finding.ts";
import { makeFinding } from "../../make-finding.ts";
import type { Situation } from "../../situation.ts";
import { dateText, shortName } from "../../words.ts";
import { type PastChain, presentSince } from "./past-certificates.ts";

/** The server presents an older certificate than the one seen before: a rollback, or a member that was forgotten (C17). */
export function rolledBack(leaf: Certificate, newer: PastChain, situation: Situation): Finding {
  const since = presentSince(situation);
  return makeFinding("leaf.rolled-back", {
    severity: "warning",
    summary: `The certificate on the wire (from ${dateText(leaf.notBefore)}, valid until ${dateText(leaf.notAfter)}) is older than the one seen until ${dateText(newer.answer.lastSeen)} (valid until ${dateText(newer.leaf.notAfter)})`,
    remedy: [
      `Look for a restored backup, or for a member of the load balancer that did not get the renewed certificate of ${shortName(leaf.subject)}`,
      "Install the renewed certificate there, and reload the server",
    ],
    certificates: [leaf, newer.leaf],
    time: since,
  });
}
