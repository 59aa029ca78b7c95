/** When a window is open. */
export type TimeWindow =
  /** Milliseconds since 1970; `until` is outside. */
  | { readonly kind: "once"; readonly from: number; readonly until: number }
  /** Minutes of the day in a time zone; `until` before `from` is on the next day. */
  | {
      readonly kind: "weekly";
      /** 0 is Sunday. */
      readonly days: readonly number[];
      readonly from: number;
      readonly until: number;
      readonly timeZone: string;
    };

const MINUTE = 60_000;
const MINUTES = 1440;
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Whether a window is open. @param at milliseconds since 1970 */
export function isOpen(time: TimeWindow, at: number): boolean {
  switch (time.kind) {
    case "once":
      return at >= time.from && at < time.until;
    case "weekly":
      return minutesLeft(time, localTime(time.timeZone, at)) !== null;
  }
}

/**
 * When a window that is open closes, in milliseconds since 1970; null for one that is not open. Clocks that are put
 * forward or back before that are not foreseen: whoever waits looks again from time to time.
 * @param at milliseconds since 1970
 */
export function closesAt(time: TimeWindow, at: number): number | null {
  switch (time.kind) {
    case "once":
      return isOpen(time, at) ? time.until : null;
    case "weekly": {
      const left = minutesLeft(time, localTime(time.timeZone, at));
      return left === null ? null : at - (at % MINUTE) + left * MINUTE;
    }
  }
}

interface LocalTime {
  /** 0 is Sunday. */
  readonly day: number;
  readonly minute: number;
}

/** Minutes from the beginning of this one to the end of the window; null where it is not open. */
function minutesLeft(
  { days, from, until }: Extract<TimeWindow, { kind: "weekly" }>,
  { day, minute }: LocalTime,
): number | null {
  const yesterday = (day + DAYS.length - 1) % DAYS.length;
  if (from < until)
    return days.includes(day) && minute >= from && minute < until ? until - minute : null;
  if (days.includes(day) && minute >= from) return MINUTES - minute + until;
  return days.includes(yesterday) && minute < until ? until - minute : null;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Day of the week and minute of the day as clocks of a time zone show them. */
function localTime(timeZone: string, at: number): LocalTime {
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
