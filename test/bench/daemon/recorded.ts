import { once } from "node:events";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { handshakeToJson } from "../../../src/probe/handshake-json.ts";
import { probe } from "../../../src/probe/probe.ts";
import { type Figure, readMetrics, startChild, withServers, writeEstate } from "./measured.ts";

const ENDPOINTS = 25_000;
const CLIENTS = 4;
const WINDOW = 125_000;

/** 100,000 links with recorded handshakes: memory, the delay of the event loop, the metrics, and a reload. */
export const recordedFigures = (): Promise<readonly Figure[]> =>
  withServers(async (folder, port) => {
    const record = join(folder, "handshake.json");
    const answer = await probe(
      { scheme: "https", host: "localhost", port },
      { address: "127.0.0.1" },
    );
    writeFileSync(record, JSON.stringify(handshakeToJson(answer)));
    const schedule = "{ every: 3m, concurrency: 64 }";
    const file = writeEstate(folder, { endpoints: ENDPOINTS, clients: CLIENTS, port, schedule });
    const launched = performance.now();
    const { child, told: url } = await startChild<string>("process.ts", [file, "recorded", record]);
    const start = performance.now() - launched;
    try {
      for (;;) {
        if ((await fetch(`${url}readyz`)).status === 200) break;
        await pause(1000);
      }
      // a round of its own, without the first
      await pause(150_000);
      const steady = await readMetrics(url);
      // longer than what the delay is told for
      await pause(WINDOW);
      const times = [steady.milliseconds];
      for (let count = 0; count < 4; count++) times.push((await readMetrics(url)).milliseconds);
      const after = await readMetrics(url);
      await pause(WINDOW);
      appendFileSync(file, "\n# changed\n");
      const begun = performance.now();
      child.send("reload");
      const [taken] = (await once(child, "message")) as [boolean];
      const reload = performance.now() - begun;
      const reloaded = await readMetrics(url);
      const what = `${ENDPOINTS * CLIENTS} links`;
      const delay = (of: typeof steady, statistic: string): string =>
        `${(of.value(`event_loop_delay_seconds{statistic="${statistic}"}`) * 1000).toFixed(1)} ms`;
      return [
        {
          what: `${what}: start, until the page answers`,
          value: `${(start / 1000).toFixed(1)} s`,
          target: "",
        },
        {
          what: `${what}: memory`,
          value: `${Math.round(after.value("process_resident_memory_bytes") / 2 ** 20)} MiB`,
          target: "1024 MiB",
        },
        { what: `${what}: event loop p99`, value: delay(steady, "p99"), target: "50 ms" },
        { what: `${what}: event loop, longest`, value: delay(steady, "max"), target: "" },
        {
          what: `${what}: /metrics, ${Math.round(after.size / 2 ** 20)} MiB`,
          value: `${Math.round(Math.max(...times))} ms`,
          target: "3000 ms",
        },
        {
          what: `${what}: event loop, longest, while /metrics is asked for`,
          value: delay(after, "max"),
          target: "50 ms",
        },
        {
          what: `${what}: reload ${taken ? "" : "(refused)"}`,
          value: `${(reload / 1000).toFixed(1)} s`,
          target: "",
        },
        {
          what: `${what}: event loop, longest, while it is reloaded`,
          value: delay(reloaded, "max"),
          target: "",
        },
      ];
    } finally {
      child.kill();
    }
  });
