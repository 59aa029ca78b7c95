import type { Finding } from "../../diagnosis/finding.ts";
import { counted, dateText } from "../../diagnosis/words.ts";
import type { Fate, LinkChange, WhatIf } from "../../links/changes/what-if.ts";
import { type Block, table, type Tone } from "../document/block.ts";
import type { WhatIfReport } from "./what-if-report.ts";

const FATES: readonly { readonly fate: Fate; readonly words: string; readonly tone: Tone }[] = [
  { fate: "breaks", words: "breaks", tone: "bad" },
  { fate: "repaired", words: "is repaired", tone: "good" },
  { fate: "stays-broken", words: "stays broken", tone: "warning" },
  { fate: "stays-fine", words: "stays fine", tone: "good" },
  { fate: "unknown", words: "is not known", tone: "warning" },
];

const SOURCES: Readonly<Record<WhatIfReport["source"], string>> = {
  live: "handshakes that were made for it",
  history: "the handshakes that the history recorded last",
  handshakes: "saved handshakes",
};

/** Most causes whose repair is told. */
const MAX_CAUSES = 20;

/** A judged plan for people: the answer, what it rests on, and the evidence behind. */
export function whatIfDocument({ result, file, source, all }: WhatIfReport): readonly Block[] {
  const { links, at, steps, faults, assumptions } = result;
  const concerned = links.filter((link) => all || link.steps.length > 0 || link.fate === "unknown");
  return [
    { kind: "heading", level: 1, text: `Change plan ${file}` },
    headline(result),
    {
      kind: "paragraph",
      text: `${counted(links.length, "link")} judged as of ${dateText(at)} from ${SOURCES[source]}; ${counted(links.filter((each) => each.steps.length > 0).length, "link")} ${links.filter((each) => each.steps.length > 0).length === 1 ? "depends" : "depend"} on what changes.`,
      tone: "soft",
    },
    ...table(
      ["what becomes of it", "links"],
      FATES.flatMap(({ fate, words }) => {
        const count = links.filter((link) => link.fate === fate).length;
        return count === 0 ? [] : [[words, String(count)]];
      }),
      FATES.filter(({ fate }) => links.some((link) => link.fate === fate)).map(({ tone }) => tone),
    ),
    ...breaking(links),
    ...orderBlocks(result),
    ...(faults.length === 0
      ? []
      : [
          heading("The new certificates"),
          ...table(
            ["endpoint", "severity", "what is wrong"],
            faults.map(({ endpoint, severity, summary }) => [endpoint, severity, summary]),
            faults.map(({ severity }) => (severity === "critical" ? "bad" : "warning")),
          ),
        ]),
    ...nextBlocks(result),
    ...(assumptions.length === 0
      ? []
      : [heading("Assumed"), { kind: "list", ordered: false, items: assumptions } as const]),
    ...(concerned.length === 0
      ? []
      : [
          heading("Evidence: the links before and after"),
          ...table(
            ["becomes", "client", "endpoint", "before", "after", "works until", "changes"],
            concerned.map((link) => evidenceRow(link, steps.length)),
            concerned.map(({ fate }) => FATES.find((each) => each.fate === fate)?.tone ?? "soft"),
          ),
        ]),
  ];
}

const heading = (text: string): Block => ({ kind: "heading", level: 2, text });

function headline({ links, order, faults }: WhatIf): Block {
  const count = (fate: Fate): number => links.filter((link) => link.fate === fate).length;
  const broken = count("breaks");
  const repaired = count("repaired");
  const more = repaired === 0 ? "" : ` It repairs ${counted(repaired, "link")}.`;
  if (broken > 0)
    return {
      kind: "paragraph",
      tone: "bad",
      text: `Not safe: ${counted(broken, "working link")} would break.${more}`,
    };
  if (faults.some(({ severity }) => severity === "critical"))
    return {
      kind: "paragraph",
      tone: "bad",
      text: `Not safe: the new certificates are at fault.${more}`,
    };
  if (order.kind === "none")
    return {
      kind: "paragraph",
      tone: "bad",
      text: `Not safe in any order: in the end every working link goes on working, but between the changes some would be broken.${more}`,
    };
  if (order.kind === "undecided")
    return {
      kind: "paragraph",
      tone: "warning",
      text: `No working link would break in the end, but no safe order was found within the limits of the search.${more}`,
    };
  return count("unknown") > 0 &&
    links.some(({ fate, steps }) => fate === "unknown" && steps.length > 0)
    ? {
        kind: "paragraph",
        tone: "warning",
        text: `Nothing that is known would break, but of ${counted(count("unknown"), "link")} it is not known.${more}`,
      }
    : {
        kind: "paragraph",
        tone: "good",
        text: `Safe in the order below: no working link breaks, neither in the end nor in between.${more}`,
      };
}

/** What breaks, one cause after the other, with the repair. */
function breaking(links: readonly LinkChange[]): readonly Block[] {
  const broken = links.filter(({ fate }) => fate === "breaks");
  if (broken.length === 0) return [];
  const causes = Map.groupBy(broken, ({ after }) => causeKey(after?.findings[0]));
  const shown = [...causes.values()].slice(0, MAX_CAUSES);
  return [
    heading("What would break, and why"),
    ...shown.flatMap((group): readonly Block[] => {
      const finding = group[0]?.after?.findings[0];
      const names = group.slice(0, 12).map(({ client, endpoint }) => `${client} to ${endpoint}`);
      const more = group.length > 12 ? `, and ${group.length - 12} more` : "";
      return [
        {
          kind: "heading",
          level: 3,
          text: `${counted(group.length, "link")}: ${finding?.code ?? "estate.not-judged"}`,
        },
        { kind: "paragraph", text: finding?.summary ?? "It cannot be judged" },
        { kind: "paragraph", text: `${names.join(", ")}${more}`, tone: "soft" },
        ...(finding === undefined || finding.remedy.length === 0
          ? []
          : [{ kind: "list", ordered: true, items: finding.remedy } as const]),
      ];
    }),
    ...(causes.size > shown.length
      ? [
          {
            kind: "paragraph",
            text: `${causes.size - shown.length} further causes are in the formats json and ndjson.`,
            tone: "soft",
          } as const,
        ]
      : []),
  ];
}

const causeKey = (finding: Finding | undefined): string =>
  JSON.stringify([finding?.code, finding?.evidence.certificates, finding?.evidence.truststore]);

function orderBlocks({ order, steps }: WhatIf): readonly Block[] {
  const title = (step: number): string => steps[step]?.title ?? "";
  switch (order.kind) {
    case "safe":
      return [
        heading(steps.length === 1 ? "What to do" : "Safe order"),
        { kind: "list", ordered: true, items: order.order.map(title) },
      ];
    case "undecided":
      return [
        heading("Order"),
        {
          kind: "paragraph",
          text: `Whether there is a safe order of these changes was not decided after ${counted(order.states, "state")}: ${order.steps.map(title).join("; ")}.`,
        },
      ];
    case "none":
      return [
        heading("No safe order: the proof"),
        ...order.exclusions.flatMap(({ steps: set, isSmallest, blocked }): readonly Block[] => [
          {
            kind: "paragraph",
            text: `These changes exclude each other, whatever is done with the others${isSmallest ? "; no fewer do" : ""}:`,
          },
          { kind: "list", ordered: false, items: set.map(title) },
          {
            kind: "paragraph",
            text: "Every way through them ends at a link that would be broken:",
          },
          ...table(
            ["when this is done", "the next step", "breaks", "for"],
            blocked.map(({ done, step, link, summary }) => [
              done.length === 0 ? "nothing yet" : done.map(title).join("; "),
              title(step),
              `${link.client} to ${link.endpoint}`,
              summary,
            ]),
          ),
        ]),
      ];
  }
}

function nextBlocks({ next, links }: WhatIf): readonly Block[] {
  if (next === null) return [];
  const finding = links
    .find(({ client, endpoint }) => client === next.client && endpoint === next.endpoint)
    ?.after?.findings.find(({ evidence }) => evidence.time !== null);
  return [
    heading("When the answer changes"),
    {
      kind: "paragraph",
      text: `On ${dateText(next.at)} the link from ${next.client} to ${next.endpoint} ends.${finding === undefined ? "" : ` ${finding.summary}.`}`,
    },
  ];
}

function evidenceRow(
  { fate, client, endpoint, before, after, steps, why }: LinkChange,
  total: number,
): readonly string[] {
  const words = (verdict: LinkChange["before"]): string =>
    verdict === null
      ? (why ?? "")
      : verdict.ok === true
        ? (verdict.findings.find(({ severity }) => severity !== "info")?.code ?? "works")
        : (verdict.findings[0]?.code ?? "broken");
  const until = after?.ok === true ? after.breaksAt : null;
  return [
    FATES.find((each) => each.fate === fate)?.words ?? fate,
    client,
    endpoint,
    words(before),
    words(after),
    until === null ? "" : dateText(until).slice(0, 10),
    steps.length === 0 || total === 1 ? "" : steps.map((step) => `${step + 1}`).join(", "),
  ];
}
