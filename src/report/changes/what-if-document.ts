import type { Finding } from "../../diagnosis/finding.ts";
import { counted, dateText } from "../../diagnosis/words.ts";
import type { Fate, LinkChange, WhatIf } from "../../links/changes/what-if.ts";
import { type Block, section, table } from "../document/block.ts";
import { FATES } from "./fates.ts";
import { certificateEvidence, linkEvidence } from "./what-if-evidence.ts";
import { nextBlocks } from "./what-if-next.ts";
import { orderBlocks } from "./what-if-order.ts";
import type { WhatIfReport } from "./what-if-report.ts";

const SOURCES: Readonly<Record<WhatIfReport["source"], string>> = {
  live: "handshakes that were made for it",
  history: "the handshakes that the history recorded last",
  handshakes: "saved handshakes",
};

/** Most causes whose repair is told. */
const MAX_CAUSES = 20;

/** A judged plan for people: the answer, what it rests on, and the evidence behind. */
export function whatIfDocument({ result, file, source, all }: WhatIfReport): readonly Block[] {
  const { links, at, faults, assumptions } = result;
  const concerned = links.filter((link) => all || link.steps.length > 0 || link.fate === "unknown");
  const depending = links.filter((each) => each.steps.length > 0).length;
  return [
    { kind: "heading", level: 1, text: `Change plan ${file}` },
    headline(result),
    {
      kind: "paragraph",
      text: `${counted(links.length, "link")} judged as of ${dateText(at)} from ${SOURCES[source]}; ${counted(depending, "link")} ${depending === 1 ? "depends" : "depend"} on what changes.`,
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
          section("The new certificates"),
          ...table(
            ["endpoint", "severity", "what is wrong"],
            faults.map(({ endpoint, severity, summary }) => [endpoint, severity, summary]),
            faults.map(({ severity }) => (severity === "critical" ? "bad" : "warning")),
          ),
        ]),
    ...nextBlocks(result),
    ...(assumptions.length === 0
      ? []
      : [section("Assumed"), { kind: "list", ordered: false, items: assumptions } as const]),
    ...reasons(
      "What is repaired",
      "was wrong before",
      links.filter(({ fate }) => fate === "repaired"),
      ({ before }) => before?.findings[0],
    ),
    ...reasons(
      "What stays broken although something changes for it",
      "what is wrong",
      links.filter(({ fate, steps }) => fate === "stays-broken" && steps.length > 0),
      ({ after }) => after?.findings[0],
    ),
    ...linkEvidence(concerned, result),
    ...certificateEvidence(result),
  ];
}

/** Why, in words, for each of some links. */
function reasons(
  title: string,
  column: string,
  links: readonly LinkChange[],
  findingOf: (link: LinkChange) => Finding | undefined,
): readonly Block[] {
  if (links.length === 0) return [];
  return [
    section(title),
    ...table(
      ["client", "endpoint", column],
      links.map((link) => [
        link.client,
        link.endpoint,
        findingOf(link)?.summary ?? "It could not be judged",
      ]),
    ),
  ];
}

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
    section("What would break, and why"),
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
