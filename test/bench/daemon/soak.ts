import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { OpenResources } from "./process.ts";
import { type Figure, readMetrics, startChild, withServers, writeEstate } from "./measured.ts";

const ENDPOINTS = 300;
const MINUTE = 60_000;

interface Sample extends OpenResources {
  readonly files: number;
  /** MiB. */
  readonly memory: number;
  /** Seconds. */
  readonly lag: number;
}

const asked = async <T>(child: ChildProcess, what: string): Promise<T> => {
  child.send(what);
  const [answer] = (await once(child, "message")) as [T];
  return answer;
};

/** Ten real minutes, or as many as are asked for, with a probe of every server each second and reloads: what grows. */
export const soakFigures = (minutes: number): Promise<readonly Figure[]> =>
  withServers(async (folder, port) => {
    const schedule = "{ every: 2s, timeout: 1s, concurrency: 64 }";
    const file = writeEstate(folder, { endpoints: ENDPOINTS, clients: 2, port, schedule });
    const { child, told: url } = await startChild<string>("process.ts", [file, "threads"]);
    try {
      const samples: Sample[] = [];
      const rounds = Math.max(4, Math.round((minutes * MINUTE) / 15_000));
      for (let round = 0; round < rounds; round++) {
        await pause((minutes * MINUTE) / rounds);
        const { value } = await readMetrics(url);
        const resources = await asked<OpenResources>(child, "resources");
        samples.push({
          ...resources,
          files: value("process_open_fds"),
          memory: value("process_resident_memory_bytes") / 2 ** 20,
          lag: value("scheduler_lag_seconds"),
        });
        await asked<boolean>(child, "reload");
      }
      const middle = (part: readonly number[]): number =>
        part.toSorted((a, b) => a - b)[Math.floor(part.length / 2)] ?? Number.NaN;
      // the first quarter is for compiling code and filling caches
      const quarter = Math.floor(samples.length / 4);
      const [early, late] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)];
      const both = (read: (sample: Sample) => number, of = middle): string =>
        `${Math.round(of(early.map(read)))} early, ${Math.round(of(late.map(read)))} late`;
      // what is in flight comes and goes; what leaks stays
      const lowest = (part: readonly number[]): number => Math.min(...part);
      const probes = (await readMetrics(url)).value('probes_total{outcome="complete"}');
      return [
        { what: `soak of ${minutes} minutes: probes`, value: String(probes), target: "" },
        {
          what: "soak: open files, at least",
          value: both(({ files }) => files, lowest),
          target: "flat",
        },
        { what: "soak: memory, MiB", value: both(({ memory }) => memory), target: "flat" },
        { what: "soak: timers", value: both(({ timers }) => timers), target: "flat" },
        {
          what: "soak: handles, sockets and requests of the runtime",
          value: both(({ open }) => open),
          target: "flat",
        },
        { what: "soak: lag, s", value: both(({ lag }) => lag), target: "" },
      ];
    } finally {
      child.kill();
    }
  });
