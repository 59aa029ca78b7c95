import type { WindowDocument } from "./document.ts";
import { DEFAULT_TIME_ZONE } from "./schema.ts";
import type { TimeWindow } from "./time-window.ts";
import { parseWeekly } from "./weekly.ts";

/** The time of a window whose shape was found sound. */
export function windowTime({
  from = "",
  until = "",
  weekly,
  timeZone = DEFAULT_TIME_ZONE,
}: WindowDocument): TimeWindow {
  const days = weekly === undefined ? null : parseWeekly(weekly);
  return days === null
    ? { kind: "once", from: Date.parse(from), until: Date.parse(until) }
    : { kind: "weekly", ...days, timeZone };
}
