import type { Clock } from "./clock.ts";
import type { DaemonLog } from "./log.ts";

/** What can be wrong with the watcher itself, as opposed to what it watches (closed list). */
export const HEALTH_CODES = [
  "estate-refused",
  "truststore-unreadable",
  "identity-unreadable",
  "route-unreadable",
  "history-unavailable",
  "history-incomplete",
  "history-damaged",
  "network-blind",
  "clock-set",
  "prober-ended",
  "notifier-unusable",
  "notifier-failing",
  "page-missing",
] as const;

/** What can be wrong with the watcher itself. */
export type HealthCode = (typeof HEALTH_CODES)[number];

/** A problem of the watcher itself. */
export interface HealthProblem {
  readonly code: HealthCode;
  /** What it is about: a file, a truststore, a client; empty for the whole. */
  readonly subject: string;
  readonly message: string;
  /** RFC 3339: since when. */
  readonly since: string;
}

/** Keeps the problems of the watcher; each is logged when it comes and when it goes. */
export class Health {
  readonly #clock: Clock;
  readonly #log: DaemonLog;
  readonly #problems = new Map<string, HealthProblem>();

  constructor(clock: Clock, log: DaemonLog) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Problems in the order in which they came. */
  get problems(): readonly HealthProblem[] {
    return [...this.#problems.values()];
  }

  /**
   * Notes a problem; the same code and subject replaces the older message.
   * @param isLogged false for another count of what was logged before
   */
  raise(code: HealthCode, subject: string, message: string, isLogged = true): void {
    const key = `${code} ${subject}`;
    const known = this.#problems.get(key);
    if (known?.message === message) return;
    const since = known?.since ?? new Date(this.#clock.wall()).toISOString();
    this.#problems.set(key, { code, subject, message, since });
    if (isLogged) this.#log.error({ problem: code, subject }, message);
  }

  /** Notes that a problem is over. */
  clear(code: HealthCode, subject: string): void {
    const key = `${code} ${subject}`;
    if (!this.#problems.delete(key)) return;
    this.#log.info({ problem: code, subject }, "Problem is over");
  }

  /** Makes the given problems the only ones of a code. */
  replace(
    code: HealthCode,
    problems: readonly { readonly subject: string; readonly message: string }[],
  ): void {
    const subjects = new Set(problems.map(({ subject }) => subject));
    for (const known of this.problems)
      if (known.code === code && !subjects.has(known.subject)) this.clear(code, known.subject);
    for (const { subject, message } of problems) this.raise(code, subject, message);
  }
}
