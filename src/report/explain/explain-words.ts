import type { ExplainedProblem, LogPlace } from "../../diagnosis/explain/explain.ts";
import type { Facts } from "../../diagnosis/explain/facts.ts";
import { printable } from "../../diagnosis/words.ts";
import type { DecidedCheck } from "./explain-result.ts";

/** How often and where a problem stands in a log: `3 times, line 7 (…) to line 90 (…)`; empty for a text of one event. */
export function occurrenceText({ count, first, last }: ExplainedProblem): string {
  if (count === 1) return first.line === 1 && first.time === null ? "" : placeText(first);
  return `${count} times, ${placeText(first)} to ${placeText(last)}`;
}

function placeText({ line, time }: LogPlace): string {
  return `line ${line}${time === null ? "" : ` (${printable(time)})`}`;
}

const LABELS = [
  ["host", "host"],
  ["subject", "subject"],
  ["issuer", "issuer"],
  ["truststore", "truststore"],
  ["sslConfiguration", "SSL configuration"],
  ["alias", "alias"],
  ["names", "names in the certificate"],
  ["alert", "alert"],
  ["expiry", "end of validity"],
  ["clock", "clock of the client"],
  ["peer", "other side"],
] as const;

/** What the text says about the connection, one pair of label and value a fact. */
export function factPairs(facts: Facts): readonly (readonly [label: string, value: string])[] {
  return LABELS.flatMap(([field, label]) => {
    const value = facts[field];
    if (value === null) return [];
    const port = field === "host" && facts.port !== null ? `:${facts.port}` : "";
    return [[label, printable(value + port)] as const];
  });
}

/** What the deciding check came to, in one sentence without a full stop. */
export function decisionText({ ok, confirmed, findings, client }: DecidedCheck): string {
  const who = printable(client);
  if (confirmed.length > 0) return `Checked as ${who}: it is ${confirmed.join(", ")}`;
  if (ok)
    return `Checked as ${who}: it works now; the cause was repaired since, or lies where no check sees it`;
  const [headline] = findings;
  return headline === undefined
    ? `Checked as ${who}: nothing was found that explains the text`
    : `Checked as ${who}: none of these causes, but ${headline.code}`;
}
