import { counted, dateText } from "../../diagnosis/words.ts";
import type { ResultCode } from "../exit-code.ts";
import { onScreen } from "../on-screen.ts";
import { forecastRecord } from "./forecast-record.ts";
import type { ForecastReport } from "./forecast-report.ts";
import { ownersText, workTitle } from "./work-words.ts";

const STATES: Readonly<Record<ResultCode, string>> = {
  0: "OK",
  1: "WARNING",
  2: "CRITICAL",
  3: "UNKNOWN",
};

/** Pieces of work in the long text. */
const MAX_WORKS = 10;

/** One status line with performance data, and the most urgent pieces of work (Nagios plug-in guidelines). */
export function forecastNagios({ result, code }: ForecastReport): string {
  const { works, at } = result;
  const { summary } = forecastRecord(result);
  const [next] = works;
  const words = [
    ...(summary.broken > 0 ? [`${counted(summary.broken, "link")} broken now`] : []),
    ...(summary.unknown > 0 ? [`${counted(summary.unknown, "link")} not known`] : []),
    next === undefined
      ? "nothing breaks"
      : `next: ${workTitle(next)} before ${dateText(next.deadline)}`,
  ].join(", ");
  const data = [
    `links=${summary.links}`,
    `ending=${summary.ending}`,
    `broken=${summary.broken}`,
    `unknown=${summary.unknown}`,
    ...(next === undefined ? [] : [`breaks_in=${Math.floor((next.deadline - at) / 1000)}s`]),
  ];
  const lines = works
    .slice(0, MAX_WORKS)
    .map(
      (work) =>
        `${dateText(work.deadline)}: ${workTitle(work)}, saves ${counted(work.links.length, "link")}; ${ownersText(work)}`,
    );
  return [`FORECAST ${STATES[code]} - ${plain(words)} | ${data.join(" ")}`, ...lines.map(plain)]
    .map((line) => `${line}\n`)
    .join("");
}

/** The bar separates the words from the data. */
const plain = (text: string): string => onScreen(text).replaceAll("|", "/");
