import { setTimeout as pause } from "node:timers/promises";
import { type Figure, readMetrics, startChild, withServers, writeEstate } from "./measured.ts";

const ENDPOINTS = 10_000;
const MINUTE = 60_000;

/** 10,000 servers on loopback, each really probed once a minute: whether the daemon keeps up, and answers meanwhile. */
export const probedFigures = (): Promise<readonly Figure[]> =>
  withServers(async (folder, port) => {
    const rows: Figure[] = [];
    for (const mode of ["threads", "one-thread"] as const) {
      const schedule = "{ every: 1m, concurrency: 256 }";
      const file = writeEstate(folder, { endpoints: ENDPOINTS, port, schedule });
      const { child, told: url } = await startChild<string>("process.ts", [file, mode]);
      try {
        await pause(MINUTE);
        const before = await readMetrics(url);
        const latencies: number[] = [];
        for (const end = performance.now() + MINUTE; performance.now() < end;) {
          const begun = performance.now();
          await (await fetch(`${url}healthz`)).text();
          latencies.push(performance.now() - begun);
          await pause(50);
        }
        const after = await readMetrics(url);
        latencies.sort((a, b) => a - b);
        const name = 'probes_total{outcome="complete"}';
        const what = `${ENDPOINTS} endpoints each minute, ${mode}`;
        const p99 = latencies[Math.floor(0.99 * latencies.length)] ?? Number.NaN;
        const delay = after.value('event_loop_delay_seconds{statistic="p99"}') * 1000;
        rows.push(
          {
            what: `${what}: probes in a minute`,
            value: `${after.value(name) - before.value(name)}`,
            target: "",
          },
          {
            what: `${what}: lag`,
            value: `${after.value("scheduler_lag_seconds").toFixed(2)} s`,
            target: "",
          },
          { what: `${what}: event loop p99`, value: `${delay.toFixed(1)} ms`, target: "50 ms" },
          { what: `${what}: /healthz p99`, value: `${p99.toFixed(1)} ms`, target: "" },
        );
      } finally {
        child.kill();
      }
    }
    return rows;
  });
