type Start = (granted: boolean) => void;

interface Lane {
  running: number;
  readonly waiting: Start[];
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
  #running = 0;
  #closed = false;

  constructor(limits: SlotLimits) {
    this.#limits = limits;
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

  /** Runs a task when its turn comes. Null when the slots were closed before that. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T | null> {
    if (!(await this.#turnOf(key))) return null;
    try {
      return await task();
    } finally {
      this.#release(key);
    }
  }

  /** Lets no further task begin. */
  close(): void {
    this.#closed = true;
    this.#turns.clear();
    for (const { waiting } of this.#lanes.values())
      for (const start of waiting.splice(0)) start(false);
  }

  #turnOf(key: string): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = { running: 0, waiting: [] };
      this.#lanes.set(key, lane);
    }
    lane.waiting.push(resolve);
    this.#queueTurn(key);
    this.#fill();
    return promise;
  }

  #queueTurn(key: string): void {
    const lane = this.#lanes.get(key);
    if (lane === undefined || this.#closed) return;
    if (lane.waiting.length > 0 && lane.running < this.#limits.perKey) this.#turns.add(key);
    else this.#turns.delete(key);
  }

  #fill(): void {
    while (this.#running < this.#limits.total) {
      const [key] = this.#turns;
      if (key === undefined) return;
      this.#turns.delete(key);
      const lane = this.#lanes.get(key);
      const start = lane?.waiting.shift();
      if (lane === undefined || start === undefined) continue;
      lane.running++;
      this.#running++;
      this.#queueTurn(key);
      start(true);
    }
  }

  #release(key: string): void {
    this.#running--;
    const lane = this.#lanes.get(key);
    if (lane === undefined) return;
    lane.running--;
    if (lane.running === 0 && lane.waiting.length === 0) this.#lanes.delete(key);
    else this.#queueTurn(key);
    this.#fill();
  }
}
