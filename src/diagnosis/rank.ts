import type { FindingCode } from "./finding-codes.ts";
import type { Finding, Severity } from "./finding.ts";

const ORDER: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };

/** Prefixes of codes in the order in which a client would hit them; the first critical one is the headline. */
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

/** A client loads its truststore before it connects; a store that cannot be loaded comes before all else. */
const AT_START: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "truststore.not-found",
  "truststore.unreadable",
  "truststore.wrong-password",
]);

/**
 * When the client meets the cause of a finding. What goes wrong in a handshake whose chain the client has seen comes
 * behind its own judgement of the server, and before the server's of the client.
 */
function position({ code }: Finding, seesChain: boolean): number {
  if (AT_START.has(code)) return -1;
  const prefix = code.slice(0, code.indexOf("."));
  return seesChain && prefix === "handshake"
    ? GROUPS.indexOf("client-auth") - 0.5
    : GROUPS.indexOf(prefix);
}

/** Whether a finding is about the future. */
function isAhead({ code }: Finding): boolean {
  return code.endsWith("expiring");
}

/**
 * Puts the headline first: severity, what is broken before what will break, then the order in which the client meets
 * the causes (docs/diagnosis.md). Repeated codes are dropped.
 * @param seesChain whether this client comes to see the server's chain
 */
export function rankFindings(findings: readonly Finding[], seesChain: boolean): readonly Finding[] {
  const unique = [
    ...new Map(findings.toReversed().map((finding) => [finding.code, finding])).values(),
  ].toReversed();
  return unique.toSorted(
    (a, b) =>
      ORDER[a.severity] - ORDER[b.severity] ||
      Number(isAhead(a)) - Number(isAhead(b)) ||
      position(a, seesChain) - position(b, seesChain),
  );
}
