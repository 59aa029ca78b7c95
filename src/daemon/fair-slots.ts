import { type Clock, systemClock } from "./clock.ts";

interface Waiting {
  readonly start: (granted: boolean) => void;
  readonly pace: number;
}

interface Lane {
  running: number;
  readonly waiting: Waiting[];
  /** When the next task may begin, by the clock that never goes back. */
  notBefore: number;
  /** Ends the wait for that moment; null while nobody waits for it. */
  cancelWait: (() => void) | null;
}

/** How many tasks may run at once: in all, and for one key. */
export interface SlotLimits {
  readonly total: number;
  readonly perKey: number;
}

/**
 * Runs tasks within limits. Keys take turns, and tasks of one key run in the order they came: a slow or
 * crowded host delays its own tasks only.
 */
export class FairSlots {
  #limits: SlotLimits;
  readonly #lanes = new Map<string, Lane>();
  /** Keys that have a waiting task and room for it, in the order of their turns. */
  readonly #turns = new Set<string>();
  readonly #clock: Clock;
  readonly #pausing = new Set<() => void>();
  #running = 0;
  #closed = false;

  constructor(limits: SlotLimits, clock: Clock = systemClock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Tasks that run now. */
  get inFlight(): number {
    return this.#running;
  }

  /** Changes the limits; what runs goes on. */
  setLimits(limits: SlotLimits): void {
    this.#limits = limits;
    for (const key of this.#lanes.keys()) this.#queueTurn(key);
    this.#fill();
  }

  /**
   * Runs a task when its turn comes. Null when the slots were closed before that.
   * @param pace milliseconds after its beginning for which no other task of the key begins
   */
  async run<T>(key: string, task: () => Promise<T>, pace = 0): Promise<T | null> {
    if (!(await this.#turnOf(key, pace))) return null;
    try {
      return await task();
    } finally {
      this.#release(key);
    }
  }

  /** Lets the running task of a key begin its next step as if it were another task: not before its time. */
  async pause(key: string, pace: number): Promise<void> {
    const lane = this.#lanes.get(key);
    if (lane === undefined || pace === 0 || this.#closed) return;
    const now = this.#clock.monotonic();
    const wait = Math.max(0, lane.notBefore - now);
    lane.notBefore = now + wait + pace;
    if (wait === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#clock.after(wait, resolve);
    const end = (): void => {
      cancel();
      resolve();
    };
    this.#pausing.add(end);
    await promise;
    this.#pausing.delete(end);
  }

  /** Lets no further task begin. */
  close(): void {
    this.#closed = true;
    this.#turns.clear();
    for (const { waiting, cancelWait } of this.#lanes.values()) {
      cancelWait?.();
      for (const { start } of waiting.splice(0)) start(false);
    }
    for (const end of this.#pausing) end();
  }

  #turnOf(key: string, pace: number): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    const { promise, resolve: start } = Promise.withResolvers<boolean>();
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = { running: 0, waiting: [], notBefore: 0, cancelWait: null };
      this.#lanes.set(key, lane);
    }
    lane.waiting.push({ start, pace });
    this.#queueTurn(key);
    this.#fill();
    return promise;
  }

  #queueTurn(key: string): void {
    const lane = this.#lanes.get(key);
    if (lane === undefined || this.#closed) return;
    const isReady = lane.waiting.length > 0 && lane.running < this.#limits.perKey;
    if (isReady && !this.#isEarly(key, lane)) this.#turns.add(key);
    else this.#turns.delete(key);
  }

  /** Whether the time of a key has not come; then it is looked at again when it has. */
  #isEarly(key: string, lane: Lane): boolean {
    const wait = lane.notBefore - this.#clock.monotonic();
    if (wait <= 0 || this.#closed) return false;
    lane.cancelWait ??= this.#clock.after(wait, () => {
      lane.cancelWait = null;
      this.#tidy(key, lane);
      this.#fill();
    });
    return true;
  }

  /** Forgets a key on which nothing depends any more. */
  #tidy(key: string, lane: Lane): void {
    const isIdle = lane.running === 0 && lane.waiting.length === 0;
    if (isIdle && !this.#isEarly(key, lane)) this.#lanes.delete(key);
    else this.#queueTurn(key);
  }

  #fill(): void {
    while (this.#running < this.#limits.total) {
      const [key] = this.#turns;
      if (key === undefined) return;
      this.#turns.delete(key);
      const lane = this.#lanes.get(key);
      const next = lane?.waiting.shift();
      if (lane === undefined || next === undefined) continue;
      if (next.pace > 0) lane.notBefore = this.#clock.monotonic() + next.pace;
      lane.running++;
      this.#running++;
      this.#queueTurn(key);
      next.start(true);
    }
  }

  #release(key: string): void {
    this.#running--;
    const lane = this.#lanes.get(key);
    if (lane === undefined) return;
    lane.running--;
    this.#tidy(key, lane);
    this.#fill();
  }
}
