import type { Clock } from "./clock.ts";
import type { Health } from "./health.ts";

/** Milliseconds by which a clock that is merely kept right is never moved at once. */
const LEAST = 60_000;

/** Milliseconds for which people can still read of it. */
const REMEMBERED = 3_600_000;

/** Tells that the clock was set: certificates were, or are, judged as of a time that is not the present. */
export class ClockProblem {
  readonly #clock: Clock;
  readonly #health: Health;
  #cancel: () => void = () => {};

  constructor(clock: Clock, health: Health) {
    this.#clock = clock;
    this.#health = health;
  }

  /** Takes note that the clock went by so many milliseconds more than time passed; less than none: it went back. */
  set(milliseconds: number): void {
    if (Math.abs(milliseconds) < LEAST) return;
    const direction = milliseconds < 0 ? "back" : "forth";
    const now = new Date(this.#clock.wall()).toISOString();
    this.#health.raise(
      "clock-set",
      "",
      `The clock went ${direction} by ${span(Math.abs(milliseconds))} at once and shows ${now} now: it was set, or the machine slept`,
    );
    this.#cancel();
    this.#cancel = this.#clock.after(REMEMBERED, () => this.#health.clear("clock-set", ""));
  }

  /** Forgets what waits. */
  close(): void {
    this.#cancel();
  }
}

const UNITS = [
  [86_400_000, "days"],
  [3_600_000, "hours"],
  [60_000, "minutes"],
] as const;

function span(milliseconds: number): string {
  const [unit, name] = UNITS.find(([length]) => milliseconds >= 2 * length) ?? [1000, "seconds"];
  return `${Math.round(milliseconds / unit)} ${name}`;
}
