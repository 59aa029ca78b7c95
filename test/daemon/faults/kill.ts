import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { savedAlerts, waitingDeliveries } from "../../../src/daemon/alerts/alert-rows.ts";
import { verdictsOf } from "../../../src/daemon/history-reader.ts";
import type { LinkJson } from "../../../src/daemon/link-json.ts";
import { defectOf, openDatabase } from "../../../src/daemon/sqlite.ts";
import { eventually, smallPki, writeFiles } from "../fixture.ts";
import { startScript } from "../processes.ts";

/** `ANCHORWATCH_KILLS=200` is what a release takes. */
const KILLS = Number(process.env["ANCHORWATCH_KILLS"] ?? 10);
const ENDPOINTS = 12;

/** Starts are most of the work otherwise. */
const CACHE = { NODE_COMPILE_CACHE: join(tmpdir(), `anchorwatch-test-${process.pid}`) };
t.teardown(() => rmSync(CACHE.NODE_COMPILE_CACHE, { recursive: true, force: true }));

interface Told {
  readonly id: string;
  readonly event: string;
  readonly alert: string;
}

/** A receiver of webhooks that remembers what it was told, and refuses now and then. */
const receiver = async (t: Test) => {
  const told: Told[] = [];
  let count = 0;
  let refuses = true;
  const server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      count++;
      response.statusCode = refuses && count % 20 === 0 ? 503 : 200;
      if (response.statusCode === 200) {
        const { id, event, alert } = JSON.parse(text) as Told & {
          readonly alert: { readonly id: string };
        };
        told.push({ id, event, alert: alert.id });
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
  return { told, port, calm: () => void (refuses = false) };
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += String(part);
  return text;
}

const estate = (port: number): string => {
  const names = Array.from({ length: ENDPOINTS }, (_, index) => `e${index}`);
  return `version: 1
truststores: { roots: { path: root.pem } }
clients: { app: { profile: openjdk-17, trust: roots } }
endpoints:
${names.map((name, index) => `  ${name}: { url: "https://host${index}.example", every: 1s, jitter: 50% }`).join("\n")}
links: [{ from: app, to: [${names.join(", ")}] }]
alerts:
  resolveAfter: 0s
  flapping: { changes: 1000, within: 1m }
  rules: [{ name: broken, when: broken, for: 0s }]
notify: { hook: { webhook: { url: "http://127.0.0.1:${port}/" } } }
`;
};

void t.test(
  `runDaemon() loses and doubles nothing over ${KILLS} kills at random moments`,
  async (t) => {
    const folder = t.testdir();
    const { root } = smallPki();
    const { told, port, calm } = await receiver(t);
    writeFiles(folder, { "root.pem": root.pem, "anchorwatch.yaml": estate(port) });
    const path = join(folder, "anchorwatch.db");
    const begun = String(Date.now());
    for (let kill = 0; kill < KILLS; kill++) {
      const { child, output, ended } = startScript(
        t,
        "faults/daemon-under-load.ts",
        [join(folder, "anchorwatch.yaml"), begun],
        CACHE,
      );
      const url = await eventually(async () => /http\S+/.exec(output())?.[0]);
      const pause = Math.random() * 1200;
      await new Promise((resolve) => setTimeout(resolve, pause));
      const response = await fetch(`${url}api/v1/links?limit=1000`);
      const shown = ((await response.json()) as { readonly links: readonly LinkJson[] }).links;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      child.kill("SIGKILL");
      await ended;
      const database = openDatabase(path);
      t.equal(defectOf(database), null, `kill ${kill}: the database opens and is sound`);
      for (const { client, endpoint, checkedAt } of shown) {
        if (checkedAt === null) continue;
        const seen = verdictsOf(database, client, endpoint).at(-1)?.lastSeen ?? 0;
        if (seen < Date.parse(checkedAt)) t.fail(`${endpoint} was shown as of ${checkedAt}`);
      }
      const alerts = savedAlerts(database, 0);
      const open = alerts.filter(({ status }) => status !== "resolved");
      t.equal(new Set(open.map(({ key }) => key)).size, open.length, "no alert is there twice");
      database.close();
    }
    const { child, output, ended } = startScript(
      t,
      "faults/daemon-under-load.ts",
      [join(folder, "anchorwatch.yaml"), begun],
      CACHE,
    );
    await eventually(async () => /http\S+/.exec(output())?.[0]);
    await eventually(async () => {
      const database = openDatabase(path);
      try {
        calm();
        // what was refused once waits for seconds before it is sent again
        return waitingDeliveries(database).length <= 1 ? true : undefined;
      } finally {
        database.close();
      }
    });
    child.kill("SIGKILL");
    await ended;
    const database = openDatabase(path);
    const delivered = database
      .prepare("SELECT id, state, body FROM notification")
      .all()
      .map(({ id, state }) => ({ id: String(id), state: String(state) }));
    database.close();
    const taken = new Map<string, number>();
    for (const { id } of told) taken.set(id, (taken.get(id) ?? 0) + 1);
    const lost = delivered.filter(({ id, state }) => state === "delivered" && !taken.has(id));
    t.same(lost, [], "whatever counts as delivered was taken");
    const doubled = [...taken.values()].filter((count) => count > 1).length;
    t.ok(
      doubled <= KILLS + 1,
      `${doubled} messages came twice, with the same id: at most one for each kill`,
    );
    const events = new Map<string, Set<string>>();
    for (const { id, event, alert } of told) {
      const key = `${alert} ${event}`;
      events.set(key, (events.get(key) ?? new Set()).add(id));
    }
    t.ok(told.length > KILLS, `${told.length} messages were taken`);
    t.same(
      [...events].filter(([, ids]) => ids.size > 1),
      [],
      "no alert is told twice under another id",
    );
    const known = new Set(delivered.map(({ id }) => id));
    t.same(
      told.filter(({ id }) => !known.has(id)),
      [],
      "nothing was told that is not on disk",
    );
  },
);
