import type { Finding } from "../../finding.ts";
import { makeFinding } from "../../make-finding.ts";
import type { Situation } from "../../situation.ts";
import { dateText, printable } from "../../words.ts";

/**
 * The server chooses another version of TLS than before: an update, another setting, or a device on the way.
 * @param news milliseconds for which that is reported
 */
export function versionChanged({ history, at }: Situation, news: number): readonly Finding[] {
  const change = history?.version ?? null;
  if (change === null || at - change.since > news) return [];
  const { was, is, since, lastSeen } = change;
  return [
    makeFinding("handshake.version-changed", {
      severity: "info",
      summary: `The server chose ${printable(was)} until ${dateText(lastSeen)}, and ${printable(is)} since ${dateText(since)}`,
      remedy: [
        "Where nobody updated or reconfigured the server, look for a device on the way that ends TLS itself, or for a restored configuration",
      ],
      time: since,
    }),
  ];
}
