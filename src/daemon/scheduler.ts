import type { Clock } from "./clock.ts";
import { DueHeap } from "./due-heap.ts";
import { LagGauge } from "./lag-gauge.ts";
import { doInTurns } from "./turns.ts";

/** Something that is looked at again and again. */
export interface Watch {
  readonly id: string;
  /** Milliseconds from one look to the next. */
  readonly every: number;
  /** Share of `every` by which each look is moved at random, both ways. @default 0.05 */
  readonly jitter?: number | undefined;
}

/** `unsettled`: something changed or failed just now, so the next look comes sooner. */
export type RunOutcome = "settled" | "unsettled";

/** What a scheduler needs. */
export interface SchedulerOptions {
  readonly clock: Clock;
  /** A number from 0 up to 1, for jitter. */
  readonly random: () => number;
  /** Looks at one watch; calls `started` when its first conversation begins. Never rejects. */
  readonly run: (id: string, started: () => void) => Promise<RunOutcome>;
  /** Milliseconds for which a watch whose time has come is not to be looked at; null when it is. @default never */
  readonly quietFor?: (id: string) => number | null;
}

/** How far a scheduler is behind. */
export interface SchedulerStatistics {
  /** Watches whose time has come and whose first conversation has not begun. */
  readonly due: number;
  /** Longest delay, in seconds, among those that wait now and those that began within the last minute. */
  readonly lag: number;
}

interface Entry {
  readonly id: string;
  every: number;
  jitter: number;
  running: boolean;
  /** Whether it must be looked at again at once when the present run ends. */
  again: boolean;
  /** Looks in a row that came sooner than `every`. */
  sooner: number;
}

/** Pace of the first round: 50 watches a second, so that a restart is no burst. */
const FIRST_ROUND_SPACING = 20;

/** Jitter where a watch has none of its own. */
const JITTER = 0.05;

/** Looks that may come sooner in a row; what stays unsettled longer than that flaps. */
const MAX_SOONER = 3;

const SOONER_LEAST = 2000;
const SOONER_MOST = 30_000;

/** After so long it is asked again whether a watch is still to be left in peace: clocks are set, rules change. */
const QUIET_MOST = 900_000;

/** Watches that were left in peace at the same time come back within this time, not at once. */
const RETURN_MOST = 300_000;

/** Watches that are taken over in one go. */
const STEP = 1000;

/** Most runs that begin without giving way to other work. */
const BATCH = 256;

/** Looks at every watch on its own interval, with one timer for all. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #heap = new DueHeap();
  readonly #entries = new Map<string, Entry>();
  readonly #waiting = new Map<string, number>();
  readonly #lag: LagGauge;
  #cancelTimer: () => void = () => {};
  #stopped = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#lag = new LagGauge(options.clock);
  }

  /**
   * Makes the given watches the only ones. A known watch keeps its turn unless it is in `atOnce`; a new
   * one is looked at within a first round that is spread out.
   */
  replace(watches: readonly Watch[], atOnce: ReadonlySet<string>): void {
    for (const _step of this.#replacement(watches, atOnce));
  }

  /** As `replace`, but nobody waits for it. */
  replaceInTurns(watches: readonly Watch[], atOnce: ReadonlySet<string>): Promise<void> {
    return doInTurns(this.#replacement(watches, atOnce));
  }

  *#replacement(watches: readonly Watch[], atOnce: ReadonlySet<string>): Generator<void> {
    const now = this.#options.clock.monotonic();
    const wanted = new Set(watches.map(({ id }) => id));
    for (const id of this.#entries.keys()) {
      if (wanted.has(id)) continue;
      this.#entries.delete(id);
      this.#heap.remove(id);
      this.#waiting.delete(id);
    }
    const fresh = watches.filter(({ id }) => !this.#entries.has(id));
    for (const [index, { id, every, jitter = JITTER }] of fresh.entries()) {
      this.#entries.set(id, { id, every, jitter, running: false, again: false, sooner: 0 });
      this.#heap.set(
        id,
        now + Math.min(index * FIRST_ROUND_SPACING, (every * index) / fresh.length),
      );
      if (index % STEP === STEP - 1) yield;
    }
    for (const [index, watch] of watches.entries()) {
      this.#adjust(watch, atOnce.has(watch.id), now);
      if (index % STEP === STEP - 1) yield;
    }
    this.#arm();
  }

  /** Looks at these at once; again, where a look goes on that began before. */
  hurry(ids: Iterable<string>): void {
    const now = this.#options.clock.monotonic();
    for (const id of ids) {
      const entry = this.#entries.get(id);
      if (entry?.running === true) entry.again = true;
      const due = this.#heap.dueOf(id);
      if (due !== undefined && due > now) this.#heap.set(id, now);
    }
    this.#arm();
  }

  /** Begins no further run. */
  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
  }

  /** How far behind the scheduler is. */
  statistics(): SchedulerStatistics {
    const [oldest] = this.#waiting.values();
    return { due: this.#waiting.size, lag: this.#lag.read(oldest) / 1000 };
  }

  #adjust({ id, every, jitter = JITTER }: Watch, atOnce: boolean, now: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.every = every;
    entry.jitter = jitter;
    if (entry.running) {
      entry.again ||= atOnce;
      return;
    }
    const due = this.#heap.dueOf(id) ?? now;
    if (atOnce) this.#heap.set(id, Math.min(due, now));
    else if (due > now + every) this.#heap.set(id, now + every * this.#options.random());
  }

  #arm(): void {
    this.#cancelTimer();
    const due = this.#heap.earliest();
    if (due === undefined || this.#stopped) return;
    const { clock } = this.#options;
    this.#cancelTimer = clock.after(Math.max(0, due - clock.monotonic()), () => this.#tick());
  }

  #tick(): void {
    for (let begun = 0; begun < BATCH; begun++) {
      const due = this.#heap.earliest();
      if (due === undefined || due > this.#options.clock.monotonic() || this.#stopped) break;
      const slot = this.#heap.pop();
      const entry = slot === undefined ? undefined : this.#entries.get(slot.id);
      if (entry !== undefined) void this.#begin(entry, due);
    }
    this.#arm();
  }

  async #begin(entry: Entry, due: number): Promise<void> {
    const { id } = entry;
    const quiet = this.#options.quietFor?.(id) ?? null;
    if (quiet !== null) {
      this.#heap.set(id, this.#afterQuiet(entry, quiet));
      return;
    }
    entry.running = true;
    this.#waiting.set(id, due);
    const outcome = await this.#options.run(id, () => {
      if (this.#entries.get(id) !== entry || !this.#waiting.delete(id)) return;
      this.#lag.record(due);
    });
    if (this.#entries.get(id) !== entry) return;
    this.#waiting.delete(id);
    entry.running = false;
    this.#heap.set(id, this.#next(entry, due, outcome));
    this.#arm();
  }

  #afterQuiet({ every }: Entry, quiet: number): number {
    const { clock, random } = this.#options;
    const spread = quiet > QUIET_MOST ? 0 : random() * Math.min(every, RETURN_MOST);
    return clock.monotonic() + Math.min(quiet, QUIET_MOST) + spread;
  }

  #next(entry: Entry, due: number, outcome: RunOutcome): number {
    const now = this.#options.clock.monotonic();
    if (entry.again) {
      entry.again = false;
      return now;
    }
    if (outcome === "unsettled" && entry.sooner < MAX_SOONER) {
      entry.sooner++;
      const delay = Math.min(Math.max(entry.every / 10, SOONER_LEAST), SOONER_MOST);
      return now + Math.min(delay, entry.every);
    }
    if (outcome === "settled") entry.sooner = 0;
    const jitter = 1 - entry.jitter + 2 * entry.jitter * this.#options.random();
    // A late watch stays late, so that the delay shows; by one interval at most, so that looks do not pile up.
    return Math.max(due + entry.every * jitter, now - entry.every);
  }
}
