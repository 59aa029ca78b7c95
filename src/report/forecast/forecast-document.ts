import type { Severity } from "../../diagnosis/finding.ts";
import { counted, dateText, distanceText } from "../../diagnosis/words.ts";
import type { Forecast } from "../../links/forecast/forecast.ts";
import type { Work } from "../../links/forecast/work.ts";
import { type Block, table, type Tone } from "../document/block.ts";
import type { ForecastReport } from "./forecast-report.ts";
import { linkText, listText, ownersText, savedText, workSteps, workTitle } from "./work-words.ts";

const SOURCES: Readonly<Record<ForecastReport["source"], string>> = {
  live: "handshakes that were made for it",
  history: "the handshakes that the history recorded last",
  handshakes: "saved handshakes",
};

const TONES: Readonly<Record<Severity, Tone>> = {
  critical: "bad",
  warning: "warning",
  info: "soft",
};

/** Most pieces of work that are told at length; the table has all of them. */
const MAX_SECTIONS = 20;

/** A forecast for people: what is to be done by when, then each piece of work, then what is wrong already. */
export function forecastDocument({ result, file, source }: ForecastReport): readonly Block[] {
  const { at, until, links, works } = result;
  const broken = links.filter(({ state }) => state === "broken");
  const unknown = links.filter(({ state }) => state === "unknown");
  return [
    { kind: "heading", level: 1, text: `Forecast for ${file}` },
    headline(result),
    {
      kind: "paragraph",
      text: `${counted(links.length, "link")} judged as of ${dateText(at)} from ${SOURCES[source]}; ahead until ${dateText(until)}.`,
      tone: "soft",
    },
    ...(works.length === 0
      ? []
      : table(
          ["", "by", "in", "saves", "work"],
          works.map((work, index) => [
            String(index + 1),
            dateText(work.deadline).slice(0, 10),
            distanceText(at, work.deadline),
            work.links.length === 0 ? "later" : counted(work.links.length, "link"),
            `${workTitle(work)}: ${ownersText(work)}`,
          ]),
          works.map(({ severity }) => TONES[severity]),
        )),
    ...works.slice(0, MAX_SECTIONS).flatMap((work, index) => section(work, index, result)),
    ...(works.length > MAX_SECTIONS
      ? [
          soft(
            `The links of ${counted(works.length - MAX_SECTIONS, "further piece")} of work are in the formats json and ndjson.`,
          ),
        ]
      : []),
    ...(broken.length === 0
      ? []
      : [
          heading("Broken now"),
          ...table(
            ["client", "endpoint", "why"],
            broken.map(({ client, endpoint, headline: found }) => [
              client,
              endpoint,
              found === null ? "" : `${found.code}: ${found.summary}`,
            ]),
            broken.map(() => "bad"),
          ),
        ]),
    ...(unknown.length === 0
      ? []
      : [
          heading("Not known"),
          ...table(
            ["client", "endpoint", "why"],
            unknown.map(({ client, endpoint, why }) => [client, endpoint, why ?? ""]),
            unknown.map(() => "warning"),
          ),
        ]),
  ];
}

const heading = (text: string): Block => ({ kind: "heading", level: 2, text });
const soft = (text: string): Block => ({ kind: "paragraph", text, tone: "soft" });

function headline({ links, works, until }: Forecast): Block {
  const saving = works.filter((work) => work.links.length > 0);
  const ending = saving.reduce((sum, work) => sum + work.links.length, 0);
  const count = (state: string): number => links.filter((link) => link.state === state).length;
  const day = dateText(until).slice(0, 10);
  const [broken, unknown] = [count("broken"), count("unknown")];
  const now = [
    ...(broken === 0
      ? []
      : [`${counted(broken, "link")} ${broken === 1 ? "is" : "are"} broken now`]),
    ...(unknown === 0 ? [] : [`of ${counted(unknown, "link")} nothing is known`]),
  ].join("; ");
  const tail = now === "" ? "" : ` ${now.slice(0, 1).toUpperCase()}${now.slice(1)}.`;
  if (ending === 0)
    return {
      kind: "paragraph",
      tone: broken > 0 ? "bad" : unknown > 0 ? "warning" : "good",
      text: `No link that works breaks until ${day}.${tail}`,
    };
  const worst = saving.some(({ severity }) => severity === "critical") || broken > 0;
  return {
    kind: "paragraph",
    tone: worst ? "bad" : "warning",
    text: `${counted(ending, "link")} of ${links.length} ${ending === 1 ? "breaks" : "break"} until ${day} unless ${counted(saving.length, "piece")} of work ${saving.length === 1 ? "is" : "are"} done.${tail}`,
  };
}

function section(work: Work, index: number, { works }: Forecast): readonly Block[] {
  const numbers = new Map(works.map(({ id }, at) => [id, at + 1]));
  const labels = Object.entries(work.labels).map(([name, value]) => `${name}=${value}`);
  const earlier = work.later.map(
    (link) =>
      `${linkText(link)} (${dateText(link.before.at).slice(0, 10)}, see ${numbers.get(link.before.work) ?? "above"})`,
  );
  return [
    heading(`${index + 1}. ${workTitle(work)}`),
    {
      kind: "paragraph",
      text: `By ${dateText(work.deadline)}; ${ownersText(work)}${labels.length === 0 ? "" : `; labels ${labels.join(", ")}`}. ${savedText(work)}.`,
    },
    ...(earlier.length === 0
      ? []
      : [
          soft(
            `Needed as well by ${counted(earlier.length, "link")} that ${earlier.length === 1 ? "breaks" : "break"} before for another cause: ${listText(earlier)}.`,
          ),
        ]),
    // what is far away is planned, not carried out
    ...(work.severity === "info"
      ? []
      : [{ kind: "list", ordered: true, items: workSteps(work) } as const]),
  ];
}
