/** @import { State } from "./model.js" */

/** The word for each state. @type {Readonly<Record<State, string>>} */
export const STATE_WORDS = { broken: "Broken", warning: "Warning", pending: "Pending", ok: "Fine" };

/**
 * What stands after the number of links in a state.
 *
 * @param {State} state
 * @param {number} count
 */
export const stateCount = (state, count) =>
  `${STATE_WORDS[state].toLowerCase()}${state === "warning" && count !== 1 ? "s" : ""}`;

const UNITS = /** @type {const} */ ([
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
]);

const relative = new Intl.RelativeTimeFormat("en-GB", { numeric: "always" });
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const calendar = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/**
 * `in 12 days`, `3 hours ago`, `just now`. Counts in days up to two months, because that is how people plan.
 *
 * @param {number} time - Milliseconds since 1970.
 * @param {number} now - Milliseconds since 1970.
 */
export const relativeTime = (time, now) => {
  const distance = time - now;
  for (const [unit, length] of UNITS) {
    const least = unit === "month" ? 2 * length : length;
    if (Math.abs(distance) >= least) return relative.format(Math.trunc(distance / length), unit);
  }
  return distance > 0 ? "in less than a minute" : "just now";
};

/**
 * Time of day with seconds, in the reader's zone.
 *
 * @param {number} time
 */
export const clockTime = (time) => clock.format(time);

/**
 * Date and time, in the reader's zone.
 *
 * @param {number} time
 */
export const calendarTime = (time) => calendar.format(time);

/**
 * `1 link`, `2 links`.
 *
 * @param {number} count
 * @param {string} noun
 */
export const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/**
 * The whole estate in one sentence.
 *
 * @param {Readonly<Record<State, number>>} counts
 */
export const overallWords = ({ broken, warning, pending, ok }) => {
  const total = broken + warning + pending + ok;
  if (total === 0) return "No links to watch";
  if (broken > 0)
    return `${broken} of ${counted(total, "link")} ${broken === 1 ? "is" : "are"} broken`;
  if (warning > 0)
    return `Nothing is broken, ${counted(warning, "link")} ${warning === 1 ? "needs" : "need"} attention`;
  if (pending > 0) return `First checks under way, ${counted(pending, "link")} to go`;
  return total === 1 ? "The link is fine" : `All ${total} links are fine`;
};

/**
 * Whether a remedy step is a command to run: sentences begin with a capital, commands do not.
 *
 * @param {string} step
 */
export const isCommand = (step) => /^[a-z./]/u.test(step);
