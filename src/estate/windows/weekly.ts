const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** Days and minutes of the day, as `Mon-Fri 22:00-02:00` says them. */
export interface WeeklyTime {
  /** 0 is Sunday. */
  readonly days: readonly number[];
  readonly from: number;
  readonly until: number;
}

const SHAPE =
  /^(daily|[a-z]{3}(?:[-,][a-z]{3}){0,6}) ([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})$/i;

/** Reads `Sat 22:00-02:00`, `Mon-Fri 12:00-13:00`, `Sun,Wed 00:00-24:00` or `daily 01:00-02:00`; null when it is none. */
export function parseWeekly(text: string): WeeklyTime | null {
  const [, written = "", ...clock] = SHAPE.exec(text) ?? [];
  const [fromHour = NaN, fromMinute = NaN, untilHour = NaN, untilMinute = NaN] = clock.map(Number);
  const from = fromHour * 60 + fromMinute;
  const until = untilHour * 60 + untilMinute;
  const isClock = fromMinute < 60 && untilMinute < 60 && from < 1440 && until <= 1440;
  const days = daysOf(written.toLowerCase());
  if (!isClock || days === null || from === until) return null;
  return { days, from, until };
}

function daysOf(text: string): readonly number[] | null {
  if (text === "daily") return DAYS.map((_, day) => day);
  const days = new Set<number>();
  for (const part of text.split(",")) {
    const [first, last, ...more] = part
      .split("-")
      .map((name) => DAYS.findIndex((day) => day === name));
    if (first === undefined || first < 0 || more.length > 0 || (last !== undefined && last < 0))
      return null;
    for (let day = first; ; day = (day + 1) % DAYS.length) {
      days.add(day);
      if (day === (last ?? first)) break;
    }
  }
  return [...days].toSorted((a, b) => a - b);
}
