import type { State } from "../api/types.ts";
import type { Counts } from "./states.ts";

/** The word for each state. */
export const STATE_WORDS: Readonly<Record<State, string>> = {
  broken: "Broken",
  warning: "Warning",
  pending: "Pending",
  ok: "Fine",
};

/** What stands after the number of links in a state. */
export const stateCount = (state: State, count: number): string =>
  `${STATE_WORDS[state].toLowerCase()}${state === "warning" && count !== 1 ? "s" : ""}`;

const UNITS = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

const relative = new Intl.RelativeTimeFormat("en-GB", { numeric: "always" });
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const calendar = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });

/**
 * `in 12 days`, `3 hours ago`, `just now`. Counts in days up to two months, because that is how people plan.
 *
 * @param time - Milliseconds since 1970.
 * @param now - Milliseconds since 1970.
 */
export const relativeTime = (time: number, now: number): string => {
  const distance = time - now;
  for (const [unit, length] of UNITS) {
    const least = unit === "month" ? 2 * length : length;
    if (Math.abs(distance) >= least) return relative.format(Math.trunc(distance / length), unit);
  }
  return distance > 0 ? "in less than a minute" : "just now";
};

/** Time of day with seconds, in the reader's zone. */
export const clockTime = (time: number): string => clock.format(time);

/** Date and time, in the reader's zone. */
export const calendarTime = (time: number): string => calendar.format(time);

/** The date alone, in the reader's zone. */
export const dayText = (time: number): string => day.format(time);

/** `1 link`, `2 links`. */
export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;

/** The whole estate in one sentence. */
export const overallWords = ({ broken, warning, pending, ok }: Counts): string => {
  const total = broken + warning + pending + ok;
  if (total === 0) return "No links to watch";
  if (broken > 0)
    return `${broken} of ${counted(total, "link")} ${broken === 1 ? "is" : "are"} broken`;
  if (warning > 0)
    return `Nothing is broken, ${counted(warning, "link")} ${warning === 1 ? "needs" : "need"} attention`;
  if (pending > 0) return `First checks under way, ${counted(pending, "link")} to go`;
  return total === 1 ? "The link is fine" : `All ${total} links are fine`;
};

/** Whether a remedy step is a command to run: sentences begin with a capital, commands do not. */
export const isCommand = (step: string): boolean => /^[a-z./]/u.test(step);

/** The part of a distinguished name that people call a certificate by. */
export const shortSubject = (subject: string | null): string => {
  if (subject === null) return "Not readable as a certificate";
  const [, name] = /(?:^|[,+]\s*)(?:CN|OU|O)=((?:\\.|[^,+\\])+)/iu.exec(subject) ?? [];
  return name?.replaceAll(/\\(.)/gu, "$1") ?? subject;
};
