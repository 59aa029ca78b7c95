import type { Work } from "../../../links/forecast/work.ts";
import { counted, dateText } from "../../../diagnosis/words.ts";
import type { ForecastReport } from "../forecast-report.ts";
import { linkText, ownersText, workSteps, workTitle } from "../work-words.ts";
import { calendarText, calendarTime, contentLine } from "./content-line.ts";

/** Most links that an entry names. */
const MAX_LINKS = 50;

/** Reminders before the deadline (RFC 5545 section 3.3.6). */
const REMINDERS = ["-P30D", "-P7D", "-P1D"] as const;

/**
 * A calendar with an entry for each piece of work at its deadline (RFC 5545). The same work has the same UID whenever
 * the calendar is made, so that an importing program brings its entry up to date.
 */
export function forecastCalendar({ result, file }: ForecastReport): string {
  const lines: readonly (readonly [name: string, value: string])[] = [
    ["BEGIN", "VCALENDAR"],
    ["VERSION", "2.0"],
    ["PRODID", "-//Anchorwatch//forecast//EN"],
    ["CALSCALE", "GREGORIAN"],
    ["METHOD", "PUBLISH"],
    ["X-WR-CALNAME", calendarText(`Anchorwatch ${file}`)],
    ...result.works
      .filter(({ links }) => links.length > 0)
      .flatMap((work) => entryOf(work, result.at)),
    ["END", "VCALENDAR"],
  ];
  return lines.map(([name, value]) => contentLine(name, value)).join("");
}

function entryOf(work: Work, at: number): readonly (readonly [string, string])[] {
  const summary = calendarText(`${workTitle(work)} (saves ${counted(work.links.length, "link")})`);
  return [
    ["BEGIN", "VEVENT"],
    ["UID", `${work.id}@anchorwatch`],
    ["DTSTAMP", calendarTime(at)],
    ["DTSTART", calendarTime(work.deadline)],
    ["SUMMARY", summary],
    ["DESCRIPTION", calendarText(descriptionOf(work))],
    ["CATEGORIES", calendarText("Anchorwatch")],
    ["TRANSP", "TRANSPARENT"],
    ...REMINDERS.flatMap((trigger) => [
      ["BEGIN", "VALARM"] as const,
      ["ACTION", "DISPLAY"] as const,
      ["DESCRIPTION", summary] as const,
      ["TRIGGER", trigger] as const,
      ["END", "VALARM"] as const,
    ]),
    ["END", "VEVENT"],
  ];
}

function descriptionOf(work: Work): string {
  const { links, later, deadline } = work;
  const named = links.slice(0, MAX_LINKS).map((link) => `- ${linkText(link)}`);
  const rest = links.length - named.length;
  return [
    `By ${dateText(deadline)}: ${ownersText(work)}`,
    "",
    `Links that break without it (${links.length}):`,
    ...named,
    ...(rest > 0 ? [`- and ${rest} more`] : []),
    ...(later.length === 0
      ? []
      : [
          `${counted(later.length, "further link")} ${later.length === 1 ? "needs" : "need"} it, too, after other work`,
        ]),
    "",
    ...workSteps(work).map((step, index) => `${index + 1}. ${step}`),
  ].join("\n");
}
