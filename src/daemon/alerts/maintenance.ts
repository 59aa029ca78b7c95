import type { Maintenance, MaintenanceTime } from "../../estate/alerts/alerts.ts";
import type { LinkState } from "../link-state.ts";
import { isSelected } from "./select-links.ts";

const MINUTES = 1440;
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Whether a link is in one of the windows. @param at milliseconds since 1970 */
export function inMaintenance(
  windows: readonly Maintenance[],
  link: Pick<LinkState, "client" | "endpoint" | "labels">,
  at: number,
): boolean {
  return windows.some(({ links, time }) => isSelected(links, link) && isOpen(time, at));
}

/** Whether a window is open. @param at milliseconds since 1970 */
export function isOpen(time: MaintenanceTime, at: number): boolean {
  switch (time.kind) {
    case "once":
      return at >= time.from && at < time.until;
    case "weekly": {
      const { day, minute } = localTime(time.timeZone, at);
      const { days, from, until } = time;
      if (from < until) return days.includes(day) && minute >= from && minute < until;
      const before = (day + DAYS.length - 1) % DAYS.length;
      return (
        (days.includes(day) && minute >= from && minute < MINUTES) ||
        (days.includes(before) && minute < until)
      );
    }
  }
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Day of the week, 0 for Sunday, and minute of the day as clocks of a time zone show them. */
function localTime(
  timeZone: string,
  at: number,
): { readonly day: number; readonly minute: number } {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("en-US", {
      timeZone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    clocks.set(timeZone, clock);
  }
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    day: DAYS.indexOf(parts.get("weekday") ?? ""),
    minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")),
  };
}
