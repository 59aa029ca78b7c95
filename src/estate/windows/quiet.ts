import { fitsPattern } from "../name-pattern.ts";
import { listed } from "../references.ts";
import type { WindowDocument } from "./document.ts";
import { windowTime } from "./resolve.ts";
import type { TimeWindow } from "./time-window.ts";

/** A time in which some endpoints are not probed, as written. */
export interface QuietDocument extends WindowDocument {
  readonly endpoints?: string | readonly string[] | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** What a window of quiet selects endpoints by. */
interface Selectable {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Makes a function that tells the times in which an endpoint is not probed: those of the schedule that hold for it, and
 * its own.
 */
export function quietTimes(
  schedule: readonly QuietDocument[],
): (endpoint: Selectable, own: readonly WindowDocument[]) => readonly TimeWindow[] {
  const general = schedule.map(({ endpoints, labels = {}, ...time }) => ({
    patterns: listed(endpoints, []).map(({ text }) => text),
    labels: Object.entries(labels),
    time: windowTime(time),
  }));
  return (endpoint, own) => [
    ...general
      .filter(
        ({ patterns, labels }) =>
          (patterns.length === 0 ||
            patterns.some((pattern) => fitsPattern(pattern, endpoint.name))) &&
          labels.every(([label, value]) => endpoint.labels[label] === value),
      )
      .map(({ time }) => time),
    ...own.map(windowTime),
  ];
}
