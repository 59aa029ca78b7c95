import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Handshake, PhaseTimings } from "../probe/handshake.ts";
import type { Alert } from "./alerts/alert.ts";
import { exposition } from "./exposition.ts";
import { METRICS, type MetricFamily } from "./metric-catalogue.ts";
import type { FamilySamples, Sample } from "./sample.ts";
import type { SchedulerStatistics } from "./scheduler.ts";
import { addSelfMetrics, type SelfCounts, type SelfReadings } from "./self-metrics.ts";
import { versionInfo } from "./version.ts";

/** What the daemon reads of itself when it is scraped. */
export interface OwnReadings {
  readonly scheduler: () => SchedulerStatistics;
  readonly inFlight: () => number;
  /** Alerts that are not over. */
  readonly alerts: () => readonly Alert[];
  readonly self: SelfReadings;
}

const PHASES = [
  "dns",
  "connect",
  "proxy",
  "dialog",
  "hello",
  "complete",
] as const satisfies (keyof PhaseTimings)[];

const SEVERITIES = ["critical", "warning", "info"] as const satisfies Alert["severity"][];

/** From one millisecond on loopback to the longest time allowed for a handshake. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const FAMILIES: ReadonlyMap<string, MetricFamily> = new Map(
  Object.values(METRICS).map((family) => [family.name, family]),
);

/** What the registry says of one series. */
interface RegistryValue {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  /** With the suffix of a histogram's series. */
  readonly metricName?: string;
}

function sampleOf({ name, labels }: MetricFamily, read: RegistryValue): Sample {
  const { le } = read.labels;
  return {
    labels: labels.map((label) => String(read.labels[label] ?? "")),
    value: read.value,
    suffix: read.metricName?.slice(name.length) ?? "",
    ...(le === undefined ? {} : { le: le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le) }),
  };
}

/** The metrics of the daemon about itself. */
export class OwnMetrics {
  readonly #registry = new Registry();
  readonly #probes: Counter<"outcome">;
  readonly #durations: Histogram<"phase">;

  /** Counts what the daemon does beside probing. */
  readonly counts: SelfCounts;

  constructor({ scheduler, inFlight, alerts, self }: OwnReadings) {
    const registers = [this.#registry];
    this.#probes = new Counter({
      ...definition(METRICS.probes),
      labelNames: ["outcome"],
      registers,
    });
    for (const outcome of ["complete", "failed"]) this.#probes.inc({ outcome }, 0);
    this.#durations = new Histogram({
      ...definition(METRICS.handshakeDuration),
      labelNames: ["phase"],
      buckets: BUCKETS,
      registers,
    });
    const reading = (
      family: { readonly name: string; readonly help: string },
      read: () => number,
    ): Gauge =>
      new Gauge({
        ...definition(family),
        registers,
        collect() {
          this.set(read());
        },
      });
    reading(METRICS.schedulerLag, () => scheduler().lag);
    reading(METRICS.schedulerInFlight, inFlight);
    reading(METRICS.schedulerDue, () => scheduler().due);
    new Gauge({
      ...definition(METRICS.alertsFiring),
      labelNames: METRICS.alertsFiring.labels,
      registers,
      collect() {
        const firing = alerts().filter(({ status }) => status === "firing");
        for (const severity of SEVERITIES)
          this.set({ severity }, firing.filter((alert) => alert.severity === severity).length);
      },
    });
    this.counts = addSelfMetrics(this.#registry, self);
    new Gauge({
      ...definition(METRICS.buildInfo),
      labelNames: METRICS.buildInfo.labels,
      registers,
    }).set({ ...versionInfo() }, 1);
  }

  /** Counts one handshake and the time of the phases that it reached. */
  count({ outcome, phases }: Handshake): void {
    this.#probes.inc({ outcome });
    for (const phase of PHASES) {
      const milliseconds = phases[phase];
      if (milliseconds !== null) this.#durations.observe({ phase }, milliseconds / 1000);
    }
  }

  /** The families with their present samples. */
  async families(): Promise<readonly FamilySamples[]> {
    const metrics = await this.#registry.getMetricsAsJSON();
    return metrics.flatMap(({ name, values }) => {
      const family = FAMILIES.get(name);
      return family === undefined
        ? []
        : [{ family, samples: values.map((value) => sampleOf(family, value)) }];
    });
  }

  /** The metrics in the text format. */
  async text(): Promise<string> {
    return [...exposition(await this.families())].join("");
  }
}

const definition = ({
  name,
  help,
}: {
  readonly name: string;
  readonly help: string;
}): { readonly name: string; readonly help: string } => ({ name, help });
