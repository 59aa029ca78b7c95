import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { AlertJson } from "../../../src/daemon/alert-json.ts";
import { observationsOf } from "../../../src/daemon/history-reader.ts";
import type { EndpointJson } from "../../../src/daemon/endpoint-json.ts";
import { openDatabase } from "../../../src/daemon/sqlite.ts";
import { FakeClock, NOW } from "../fake-clock.ts";
import { eventually, smallPki, startDaemon } from "../fixture.ts";
import { startScript } from "../processes.ts";
import { QUIET_RULES, simulatedEstate, simulatedNetwork } from "./simulated-network.ts";
import type { SimulatedDay } from "./simulated-days.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A receiver of messages that can be closed and opened again. */
const receiver = async (t: Test) => {
  const told: { readonly event: string; readonly code: string; readonly rule: string }[] = [];
  let isOpen = true;
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part: Buffer) => (text += part.toString()));
    request.on("end", () => {
      response.statusCode = isOpen ? 200 : 503;
      if (isOpen) {
        const { event, alert } = JSON.parse(text) as {
          readonly event: string;
          readonly alert: { readonly code: string; readonly rule: string };
        };
        told.push({ event, code: alert.code, rule: alert.rule });
      }
      response.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { told, port, open: (open: boolean) => void (isOpen = open) };
};

const stage = async (t: Test, count: number, more = "") => {
  const clock = new FakeClock();
  const { state, prober, root } = simulatedNetwork(clock);
  const { told, port, open } = await receiver(t);
  const folder = t.testdir({
    "root.pem": root.pem,
    page: { "index.html": "" },
    "anchorwatch.yaml": simulatedEstate(count, port, more),
  });
  const daemon = await startDaemon(t, join(folder, "anchorwatch.yaml"), {
    clock,
    prober,
    watchInterval: 1e9,
    pageFolder: join(folder, "page"),
  });
  const alerts = async (): Promise<readonly AlertJson[]> => {
    const answer = await fetch(`${daemon.url}api/v1/alerts`);
    return ((await answer.json()) as { readonly alerts: readonly AlertJson[] }).alerts;
  };
  /** Lets time pass step by step, and what is sent meanwhile arrive. */
  const pass = async (milliseconds: number, step = MINUTE): Promise<void> => {
    for (let passed = 0; passed < milliseconds; passed += step) {
      await clock.advance(Math.min(step, milliseconds - passed));
      await (await fetch(`${daemon.url}healthz`)).text();
    }
  };
  // the daemon takes the estate over in turns of the real event loop
  await eventually(async () => {
    await clock.advance(MINUTE);
    return state.probes > 0 ? true : undefined;
  });
  await pass(10 * MINUTE);
  const codes = async () => (await alerts()).map(({ status, code }) => `${status} ${code}`);
  return { clock, state, told, open, folder, daemon, alerts, codes, pass };
};

for (const condition of ["dns", "timeout", "refused"] as const)
  void t.test(`runDaemon() tells once that nothing can be reached: ${condition}`, async (t) => {
    const { state, told, codes, pass } = await stage(t, 40, QUIET_RULES);
    t.same(await codes(), [], "all is well before");
    state.condition = condition;
    await pass(30 * MINUTE);
    t.same(await codes(), ["firing network-blind"], "one alert, not forty");
    state.condition = "up";
    await pass(10 * MINUTE);
    t.same(await codes(), []);
    await eventually(async () => (told.length >= 2 ? true : undefined));
    t.same(told, [
      { event: "firing", code: "network-blind", rule: "blind" },
      { event: "resolved", code: "network-blind", rule: "blind" },
    ]);
  });

void t.test(
  "runDaemon() tells what an hour without a receiver held back, once and in order",
  async (t) => {
    const { state, told, open, codes, pass } = await stage(t, 4, QUIET_RULES);
    open(false);
    state.condition = "refused";
    await pass(30 * MINUTE);
    state.condition = "up";
    await pass(30 * MINUTE);
    t.same(told, []);
    t.match((await codes()).join(), /firing notifier-failing/, "that is an alert as well");
    open(true);
    await pass(20 * MINUTE);
    await eventually(async () => (told.length >= 4 ? true : undefined));
    t.same(
      told.map(({ event, code }) => `${event} ${code}`),
      [
        "firing network-blind",
        "firing notifier-failing",
        "resolved network-blind",
        "resolved notifier-failing",
      ],
    );
  },
);

void t.test("runDaemon() goes on probing when the clock jumps, and says so", async (t) => {
  const { clock, state, told, folder, codes, pass } = await stage(t, 3, QUIET_RULES);
  const database = openDatabase(join(folder, "anchorwatch.db"));
  t.teardown(() => database.close());
  const count = () => observationsOf(database, "e0").length;
  const before = { probes: state.probes, rows: count() };
  for (const jump of [20 * 365 * DAY, -20 * 365 * DAY, -2 * DAY, 2 * DAY]) {
    clock.jump(jump);
    const { probes } = state;
    await pass(12 * MINUTE);
    t.ok(state.probes > probes, `${jump}: probing goes on`);
    t.match((await codes()).join(), /firing clock-set/);
  }
  t.equal(count(), before.rows, "nothing is forgotten, and nothing doubled");
  await pass(2 * HOUR);
  t.same(await codes(), []);
  await eventually(async () => (told.length >= 2 ? true : undefined));
  t.same([...new Set(told.map(({ code }) => code))], ["clock-set"], "no link made an alert for it");
});

void t.test(
  "runDaemon() leaves an endpoint in peace while its window is open, and says so",
  async (t) => {
    const until = new Date(NOW + HOUR).toISOString();
    const quiet = `{ from: "2026-01-01T00:00:00Z", until: "${until}", endpoints: [e0] }`;
    const { state, daemon, pass } = await stage(t, 3, `schedule: { quiet: [${quiet}] }\n`);
    const shown = async (): Promise<readonly EndpointJson[]> => {
      const answer = await fetch(`${daemon.url}api/v1/endpoints`);
      return ((await answer.json()) as { readonly endpoints: readonly EndpointJson[] }).endpoints;
    };
    const metric = async (): Promise<readonly string[]> =>
      (await (await fetch(`${daemon.url}metrics`)).text()).match(
        /^anchorwatch_endpoint_quiet.*$/gm,
      ) ?? [];
    t.notOk(state.asked.has("host0.example"), "nobody asked it");
    t.ok(state.asked.has("host1.example"));
    t.equal((await fetch(`${daemon.url}readyz`)).status, 200, "nothing waits for it");
    const [e0, e1] = await shown();
    t.match(e0, { name: "e0", checkedAt: null, quietUntil: until });
    t.match(e1, { quietUntil: null });
    t.same(await metric(), ['anchorwatch_endpoint_quiet{endpoint="e0"} 1']);
    await pass(65 * MINUTE);
    t.ok(state.asked.has("host0.example"), "afterwards it is probed");
    t.match((await shown())[0], { quietUntil: null });
    t.same(await metric(), ['anchorwatch_endpoint_quiet{endpoint="e0"} 0']);
  },
);

void t.test("runDaemon() holds no more after four days than after two", async (t) => {
  const { port } = await receiver(t);
  const { root } = smallPki();
  const folder = t.testdir({
    "root.pem": root.pem,
    page: { "index.html": "" },
    "anchorwatch.yaml": simulatedEstate(5, port, QUIET_RULES),
  });
  const { output, errors, ended } = startScript(t, "faults/simulated-days.ts", [folder, "4"]);
  t.same(await ended, { code: 0, signal: null }, errors());
  const days = output()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as SimulatedDay);
  // the first day is for compiling code and filling caches
  const [, first, , last] = days;
  if (first === undefined || last === undefined) throw new Error("Four days did not pass");
  t.ok(last.probes > 5000, `${last.probes} probes`);
  t.equal(last.reloads, 16, "reloads were taken");
  t.ok(last.timers <= first.timers + 2, `${first.timers} and ${last.timers} timers of the daemon`);
  for (const [kind, open] of Object.entries(last.resources)) {
    const before = first.resources[kind] ?? 0;
    t.ok(open <= before + 2, `${before} and ${open} ${kind} of the runtime`);
  }
  t.ok(last.files <= first.files + 2, `${first.files} and ${last.files} files`);
  t.ok(
    last.heapUsed < first.heapUsed + 1e6,
    `${Math.round(first.heapUsed / 1e3)} and ${Math.round(last.heapUsed / 1e3)} kB`,
  );
});
