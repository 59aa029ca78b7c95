import type { JSX } from "preact";
import { dayText, relativeTime } from "../model/words.ts";
import { now } from "../state/estate.ts";

/** Milliseconds before an end from which it stands out. */
const SOON = 30 * 86_400_000;

/** Where in its life a certificate is: a bar from its first to its last moment, with a mark for now. */
export const ValidityBar = ({
  notBefore,
  notAfter,
}: {
  readonly notBefore: string | null;
  readonly notAfter: string | null;
}): JSX.Element | null => {
  const [start, end] = [Date.parse(notBefore ?? ""), Date.parse(notAfter ?? "")];
  if (Number.isNaN(start) || Number.isNaN(end)) return null;
  const present = now.value;
  const share = Math.min(100, Math.max(0, ((present - start) / Math.max(end - start, 1)) * 100));
  const kind =
    end < present
      ? "expired"
      : start > present
        ? "future"
        : end - present < SOON
          ? "soon"
          : "valid";
  const words =
    kind === "expired"
      ? `Expired ${relativeTime(end, present)}`
      : kind === "future"
        ? `Becomes valid ${relativeTime(start, present)}`
        : `Expires ${relativeTime(end, present)}`;
  return (
    <div class="validity" data-validity={kind}>
      <p class="validity-words" title={`${dayText(start)} to ${dayText(end)}`}>
        {words}
      </p>
      <div class="validity-bar" aria-hidden="true">
        <span style={{ width: `${share}%` }} />
      </div>
      <p class="validity-dates">
        <span>{dayText(start)}</span>
        <span>{dayText(end)}</span>
      </p>
    </div>
  );
};
