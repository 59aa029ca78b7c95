import type { Handshake } from "../probe/handshake.ts";
import type { Finding, Severity } from "./finding.ts";

const ORDER: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };

/** Groups in the order in which a client would hit them; the first critical one is the headline. */
const GROUPS: readonly string[] = [
  "topology",
  "handshake",
  "truststore",
  "chain",
  "leaf",
  "name",
  "client-auth",
  "estate",
];

/** Whether a finding is about the future. */
function isAhead({ code }: Finding): boolean {
  return code.endsWith("expiring");
}

/**
 * Puts the headline first: severity, what is broken before what will break, then the order in which the client meets
 * the causes. Repeated codes are dropped.
 * A server that asks for a client certificate judges it after the client judged the server.
 */
export function rankFindings(
  findings: readonly Finding[],
  handshake: Handshake,
): readonly Finding[] {
  const unique = [
    ...new Map(findings.toReversed().map((finding) => [finding.code, finding])).values(),
  ].toReversed();
  const group = ({ code }: Finding): number => GROUPS.indexOf(code.slice(0, code.indexOf(".")));
  const hasChain = handshake.certificates.length > 0;
  const position = (finding: Finding): number =>
    hasChain && finding.code.startsWith("handshake.") ? GROUPS.length : group(finding);
  return unique.toSorted(
    (a, b) =>
      ORDER[a.severity] - ORDER[b.severity] ||
      Number(isAhead(a)) - Number(isAhead(b)) ||
      position(a) - position(b),
  );
}
