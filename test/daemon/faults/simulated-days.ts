// node simulated-days.ts FOLDER DAYS: a daemon of which days pass in seconds; says after each what it holds.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { runDaemon } from "../../../src/daemon/daemon.ts";
import { FakeClock } from "../fake-clock.ts";
import { silent } from "../samples.ts";
import { simulatedNetwork } from "./simulated-network.ts";

/** What the daemon holds after a day, and has done so far. */
export interface SimulatedDay {
  readonly probes: number;
  readonly reloads: number;
  /** Of the simulated clock. */
  readonly timers: number;
  /** What the runtime has open, by kind. */
  readonly resources: Readonly<Record<string, number>>;
  readonly files: number;
  /** Octets, after a collection. */
  readonly heapUsed: number;
}

const QUARTER = 15 * 60_000;

const [folder = "", count = "1"] = process.argv.slice(2);
const file = join(folder, "anchorwatch.yaml");
const clock = new FakeClock();
const { state, prober } = simulatedNetwork(clock);
const started = await runDaemon({
  estateFile: file,
  listen: "127.0.0.1:0",
  clock,
  prober,
  log: silent,
  watchInterval: 1e9,
  pageFolder: join(folder, "page"),
});
if (!started.ok) throw new Error(started.error.message);
const { url, reload, close } = started.value;
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
let reloads = 0;

/** Lets what is sent and asked for meanwhile arrive. */
const exchange = async (): Promise<void> => {
  for (const path of ["healthz", "metrics", "api/v1/links", "api/v1/alerts"])
    await (await fetch(url + path, { headers: { connection: "close" } })).text();
};

for (let hour = 1; hour <= Number(count) * 24; hour++) {
  // every other hour the network is down
  state.condition = hour % 2 === 1 ? "refused" : "up";
  for (let quarter = 0; quarter < 4; quarter++) {
    await clock.advance(QUARTER);
    await exchange();
  }
  // an estate that is loaded anew leaves nothing behind, nor does an endpoint that goes
  if (hour % 6 === 0) {
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replaceAll(/\b(?:e4|other\d+)\b/g, `other${hour}`));
    if (await reload()) reloads++;
  }
  if (hour % 24 !== 0) continue;
  await exchange();
  collect();
  const kinds = Map.groupBy(process.getActiveResourcesInfo(), (kind) => kind);
  const day: SimulatedDay = {
    probes: state.probes,
    reloads,
    timers: clock.timers,
    resources: Object.fromEntries([...kinds].map(([kind, all]) => [kind, all.length])),
    files: readdirSync("/proc/self/fd").length,
    heapUsed: process.memoryUsage().heapUsed,
  };
  process.stdout.write(`${JSON.stringify(day)}\n`);
}
await close();
process.exit();
