import type { JSX } from "preact";
import { calendarTime, relativeTime } from "../model/words.ts";
import { now } from "../state/estate.ts";

/** A time as its distance from now, which keeps moving. @param at - RFC 3339. */
export const Moment = ({ at }: { readonly at: string }): JSX.Element => {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return <span>{at}</span>;
  return (
    <time dateTime={at} title={calendarTime(time)}>
      {relativeTime(time, now.value)}
    </time>
  );
};
