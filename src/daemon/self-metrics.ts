import { readdirSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, type Registry } from "prom-client";
import type { Clock } from "./clock.ts";
import { HEALTH_CODES, type HealthProblem } from "./health.ts";
import { METRICS, type MetricFamily } from "./metric-catalogue.ts";

/** What the daemon reads of its own state of health when it is scraped. */
export interface SelfReadings {
  readonly clock: Clock;
  readonly problems: () => readonly HealthProblem[];
  readonly history: () => {
    readonly waiting: number;
  };
  /** Messages that wait, by receiver. */
  readonly notifications: () => ReadonlyMap<string, number>;
  readonly threads: () => number;
}

/** What the daemon counts of itself. */
export interface SelfCounts {
  readonly notified: (notifier: string, outcome: "delivered" | "dead") => void;
  readonly loaded: (outcome: "loaded" | "refused") => void;
  /** One result that could not be recorded. */
  readonly lost: () => void;
  /** Ends the measuring. */
  readonly close: () => void;
}

const QUANTILES = [
  ["p50", 0.5],
  ["p99", 0.99],
  ["max", 1],
] as const;
const DELAY_WINDOW = 60_000;
const NANOSECONDS = 1e9;

/** Adds what tells whether the watcher itself is well. */
export function addSelfMetrics(registry: Registry, readings: SelfReadings): SelfCounts {
  const registers = [registry];
  const { clock, problems, history, notifications, threads } = readings;
  const gauge = (family: MetricFamily, collect: (gauge: Gauge) => void): void => {
    new Gauge({
      name: family.name,
      help: family.help,
      labelNames: family.labels,
      registers,
      collect() {
        collect(this);
      },
    });
  };
  const reading = (family: MetricFamily, read: () => number): void =>
    gauge(family, (own) => own.set(read()));
  gauge(METRICS.healthProblems, (own) => {
    const present = problems();
    for (const code of HEALTH_CODES)
      own.set({ code }, present.filter((problem) => problem.code === code).length);
  });
  reading(METRICS.historyWaiting, () => history().waiting);
  gauge(METRICS.notificationsWaiting, (own) => {
    own.reset();
    for (const [notifier, count] of notifications()) own.set({ notifier }, count);
  });
  reading(METRICS.probeThreads, threads);
  const delays = new LoopDelay(clock);
  gauge(METRICS.eventLoopDelay, (own) => {
    const read = delays.read();
    for (const [statistic, quantile] of QUANTILES) own.set({ statistic }, read(quantile));
  });
  reading(METRICS.residentMemory, () => process.memoryUsage.rss());
  gauge(METRICS.openFiles, (own) => {
    const count = openFiles();
    if (count !== null) own.set(count);
  });
  const start = Date.now() / 1000 - process.uptime();
  reading(METRICS.startTime, () => start);
  const notified = new Counter({
    name: METRICS.notifications.name,
    help: METRICS.notifications.help,
    labelNames: METRICS.notifications.labels,
    registers,
  });
  const loads = new Counter({
    name: METRICS.estateLoads.name,
    help: METRICS.estateLoads.help,
    labelNames: METRICS.estateLoads.labels,
    registers,
  });
  for (const outcome of ["loaded", "refused"]) loads.inc({ outcome }, 0);
  const lost = new Counter({
    name: METRICS.historyLost.name,
    help: METRICS.historyLost.help,
    registers,
  });
  return {
    notified: (notifier, outcome) => notified.inc({ notifier, outcome }),
    loaded: (outcome) => loads.inc({ outcome }),
    lost: () => lost.inc(),
    close: () => delays.close(),
  };
}

/** How late the turns of the event loop were within the last minute, or the last two. */
class LoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: 10 });
  #before: ((quantile: number) => number) | null = null;
  #cancel: () => void = () => {};

  constructor(clock: Clock) {
    this.#histogram.enable();
    const turn = (): void => {
      this.#before = this.#present();
      this.#histogram.reset();
      this.#cancel = clock.after(DELAY_WINDOW, turn);
    };
    // what comes before is the start
    this.#cancel = clock.after(DELAY_WINDOW, turn);
  }

  /** Seconds at a quantile. */
  read(): (quantile: number) => number {
    const [present, before] = [this.#present(), this.#before];
    return (quantile) => Math.max(present(quantile), before?.(quantile) ?? 0);
  }

  /** Measures no more. */
  close(): void {
    this.#cancel();
    this.#histogram.disable();
  }

  #present(): (quantile: number) => number {
    const values = new Map<number, number>(
      QUANTILES.map(([, quantile]) => [quantile, this.#histogram.percentile(quantile * 100)]),
    );
    // the resolution is part of each value
    return (quantile) => Math.max(0, (values.get(quantile) ?? 0) / NANOSECONDS - 0.01);
  }
}

/** Null where the system does not tell. */
function openFiles(): number | null {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return null;
  }
}
