import type * as z from "zod";
import type { LinkChange, NextChange } from "../../links/changes/what-if.ts";
import type { LinkVerdict } from "../../links/link-verdict.ts";
import type {
  LinkVerdictRecord,
  WHAT_IF_DOCUMENT_SCHEMA,
  WHAT_IF_LINE_SCHEMA,
} from "./what-if-schema.ts";
import type { WhatIfReport } from "./what-if-report.ts";

type Document = z.infer<typeof WHAT_IF_DOCUMENT_SCHEMA>;
type Line = z.infer<typeof WHAT_IF_LINE_SCHEMA>;

/** The document of `whatif --format json`. */
export function whatIfRecord({ result, file, source, code }: WhatIfReport): Document {
  const { at, steps, order, next, nextWithout, faults, assumptions, links } = result;
  const count = (fate: LinkChange["fate"]): number =>
    links.filter((link) => link.fate === fate).length;
  return {
    plan: file,
    at: new Date(at).toISOString(),
    source,
    exitCode: code,
    summary: {
      breaks: count("breaks"),
      repaired: count("repaired"),
      staysBroken: count("stays-broken"),
      staysFine: count("stays-fine"),
      unknown: count("unknown"),
    },
    steps: steps.map(({ change, title, certificates }) => ({
      change,
      title,
      certificates: certificates.map((each) => ({
        ...each,
        notBefore: timeText(each.notBefore),
        notAfter: timeText(each.notAfter),
      })),
    })),
    order: orderRecord(order),
    next: nextRecord(next),
    nextWithout: nextRecord(nextWithout),
    faults: faults.map((fault) => ({ ...fault })),
    assumptions: [...assumptions],
    links: links.map(lineOf),
  };
}

const timeText = (time: number | null): string | null =>
  time === null ? null : new Date(time).toISOString();

const nextRecord = (next: NextChange | null): Document["next"] =>
  next === null ? null : { ...next, at: new Date(next.at).toISOString() };

/** The lines of `whatif --format ndjson`: one for each link, in the order of the estate. */
export function whatIfLines({ result }: WhatIfReport): string {
  return result.links.map((link) => `${JSON.stringify(lineOf(link))}\n`).join("");
}

function orderRecord(order: WhatIfReport["result"]["order"]): Document["order"] {
  switch (order.kind) {
    case "safe":
      return { kind: "safe", order: [...order.order] };
    case "undecided":
      return { kind: "undecided", steps: [...order.steps], states: order.states };
    case "none":
      return {
        kind: "none",
        exclusions: order.exclusions.map(({ steps, isSmallest, blocked }) => ({
          steps: [...steps],
          isSmallest,
          blocked: blocked.map(({ done, step, link, summary }) => ({
            done: [...done],
            step,
            link: { client: link.client, endpoint: link.endpoint },
            summary,
          })),
        })),
      };
  }
}

function lineOf({ client, endpoint, fate, steps, before, after, why }: LinkChange): Line {
  return {
    client,
    endpoint,
    fate,
    steps: [...steps],
    before: before === null ? null : verdictRecord(before),
    after: after === null ? null : verdictRecord(after),
    why,
  };
}

/** A verdict about a link in every output. */
export function verdictRecord(verdict: LinkVerdict): z.infer<typeof LinkVerdictRecord> {
  const { state, trusted, nameMatch, findings, breaksAt, chain } = verdict;
  return {
    state: state === "pending" ? "broken" : state,
    trusted,
    nameMatch,
    findings: findings.map(({ code, severity, summary, remedy }) => ({
      code,
      severity,
      summary,
      remedy: [...remedy],
    })),
    breaksAt: breaksAt === null ? null : new Date(breaksAt).toISOString(),
    chain: chain.map(({ sha256 }) => sha256),
  };
}
