import type { Clock } from "./clock.ts";

const WINDOW = 60_000;

/** The longest recent delay: of the last minute at least, of the last two at most. */
export class LagGauge {
  readonly #clock: Clock;
  #begun: number;
  #current = 0;
  #previous = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#begun = clock.monotonic();
  }

  /** Notes that something due at `due` begins now. */
  record(due: number): void {
    const now = this.#turn();
    this.#current = Math.max(this.#current, now - due);
  }

  /** Milliseconds of the longest delay; `oldest` is when the longest waiting thing was due. */
  read(oldest: number | undefined): number {
    const now = this.#turn();
    return Math.max(this.#current, this.#previous, oldest === undefined ? 0 : now - oldest);
  }

  #turn(): number {
    const now = this.#clock.monotonic();
    const windows = Math.floor((now - this.#begun) / WINDOW);
    if (windows > 0) {
      this.#previous = windows === 1 ? this.#current : 0;
      this.#current = 0;
      this.#begun += windows * WINDOW;
    }
    return now;
  }
}
