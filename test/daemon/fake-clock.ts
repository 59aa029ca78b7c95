import type { Clock } from "../../src/daemon/clock.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A moment that tests start from. */
export const NOW: number = Date.UTC(2026, 5, 1, 12);

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  readonly #start: number;
  #now = 0;
  #skew = 0;
  readonly #timers = new Set<Timer>();

  /** @param start milliseconds since 1970 */
  constructor(start: number = NOW) {
    this.#start = start;
  }

  readonly wall = (): number => Math.floor(this.#start + this.#now + this.#skew);
  readonly monotonic = (): number => this.#now;
  readonly after = (milliseconds: number, callback: () => void): (() => void) => {
    const timer = { at: this.#now + Math.max(0, milliseconds), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Timers that are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Sets the wall clock ahead or back, as an administrator does. */
  jump(milliseconds: number): void {
    this.#skew += milliseconds;
  }

  /** Lets time pass, with every timer and what follows from it in order. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (;;) {
      let next: Timer | undefined;
      for (const timer of this.#timers)
        if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer;
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
      await settle();
    }
    this.#now = end;
  }
}

/** Lets every promise that can go on do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
