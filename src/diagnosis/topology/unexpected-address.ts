import type { Handshake } from "../../probe/handshake.ts";
import type { HistoryFacts } from "../comparison/history-facts.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { dateText, hostPort } from "../words.ts";
import { addressList } from "./address-answers.ts";
import { isWithin } from "../../x509/networks.ts";

/** What is known about where a server is. */
export interface KnownPlaces {
  /** Addresses and networks that it is expected at; undefined: anywhere. */
  readonly expected: readonly string[] | undefined;
  readonly history: HistoryFacts | null;
  /** Whether the link works: where nothing is expected, a server may move as it likes then. */
  readonly ok: boolean;
}

/** The name leads to an address where the server is not expected, or was never seen while it worked (D5). */
export function unexpectedAddressFinding(
  { address, endpoint }: Handshake,
  { expected, history, ok }: KnownPlaces,
): Finding | null {
  if (address === null) return null;
  const remedy = [
    `Compare what the resolvers of the client and of the server's network answer: getent hosts ${endpoint.host}`,
    "Correct the record, wait for the caches to end (its time to live), or correct the hosts file of the client",
  ];
  if (expected !== undefined && expected.length > 0)
    return isWithin(address, expected)
      ? null
      : makeFinding("topology.unexpected-address", {
          severity: ok ? "warning" : "critical",
          summary: `${hostPort(endpoint)} leads to ${address}, and the server is expected at ${addressList(expected)}: DNS points elsewhere`,
          remedy: [
            ...remedy,
            "Where the server has moved, correct the expected addresses in the estate",
          ],
        });
  const past = history?.addresses ?? [];
  if (ok || past.length === 0 || past.some((known) => known.address === address)) return null;
  const last = past.reduce((latest, each) => (each.lastSeen > latest.lastSeen ? each : latest));
  return makeFinding("topology.unexpected-address", {
    severity: "warning",
    summary: `${hostPort(endpoint)} leads to ${address}, where it was never seen before; until ${dateText(last.lastSeen)} it answered at ${addressList(past.map((known) => known.address))}`,
    remedy,
    time: last.lastSeen,
  });
}
