import { setTimeout as sleep } from "node:timers/promises";

/** How hard a server may be asked. */
export interface PaceLimits {
  /** Connections at once. @default 4 */
  readonly inFlight?: number | undefined;
  /** Connections begun in a second; Infinity for as many as come. @default 20 */
  readonly perSecond?: number | undefined;
}

/** What a server gets unless the caller knows it better: old appliances fall over under more. */
export const GENTLE = { inFlight: 4, perSecond: 20 } as const;

/** Lets tasks begin one after another, never too many at once and never too many in a second. */
export class Pace {
  readonly #interval: number;
  #free: number;
  #nextStart = 0;
  readonly #leading: (() => void)[] = [];
  readonly #waiting: (() => void)[] = [];

  constructor({ inFlight = GENTLE.inFlight, perSecond = GENTLE.perSecond }: PaceLimits = {}) {
    this.#free = inFlight;
    this.#interval = 1000 / perSecond;
  }

  /**
   * Runs a task when its turn has come; one that `leads` to others goes before those that wait and do not, so that no
   * long row of them is left for the end. Rejects as the task does.
   */
  async run<T>(task: () => Promise<T>, leads = false): Promise<T> {
    await this.#enter(leads ? this.#leading : this.#waiting);
    try {
      const now = performance.now();
      const start = Math.max(now, this.#nextStart);
      this.#nextStart = start + this.#interval;
      if (start > now) await sleep(start - now);
      return await task();
    } finally {
      this.#leave();
    }
  }

  #enter(queue: (() => void)[]): Promise<void> | void {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    return new Promise((resolve) => queue.push(resolve));
  }

  #leave(): void {
    const next = this.#leading.shift() ?? this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}
