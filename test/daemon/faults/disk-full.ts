import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { LinkJson } from "../../../src/daemon/link-json.ts";
import { defectOf, openDatabase } from "../../../src/daemon/sqlite.ts";
import { requireTool } from "../../tools.ts";
import { eventually, linkWhere, smallPki, writeFiles } from "../fixture.ts";
import { startScript } from "../processes.ts";

interface Health {
  readonly problems: readonly { readonly code: string; readonly message: string }[];
}

void t.test("runDaemon() goes on while no file may grow, and records what waited", async (t) => {
  const prlimit = requireTool(t, "prlimit");
  if (prlimit === undefined) return;
  const folder = t.testdir();
  const { root } = smallPki();
  const names = Array.from({ length: 12 }, (_, index) => `e${index}`);
  writeFiles(folder, {
    "root.pem": root.pem,
    "anchorwatch.yaml": `version: 1
truststores: { roots: { path: root.pem } }
clients: { app: { profile: openjdk-17, trust: roots } }
endpoints:
${names.map((name, index) => `  ${name}: { url: "https://host${index}.example", every: 1s }`).join("\n")}
links: [{ from: app, to: [${names.join(", ")}] }]
alerts: { rules: [{ name: self, when: watcher, for: 0s }, { name: broken, when: broken, for: 0s }] }
`,
  });
  const { child, output } = startScript(t, "faults/daemon-under-load.ts", [
    join(folder, "anchorwatch.yaml"),
    String(Date.now()),
  ]);
  const url = await eventually(async () => /http\S+/.exec(output())?.[0]);
  const problems = async (): Promise<Health["problems"]> =>
    ((await (await fetch(`${url}healthz`)).json()) as Health).problems.filter(
      ({ code }) => code !== "page-missing",
    );
  const limit = (bytes: string): void => {
    const { status, stderr } = spawnSync(prlimit, [`--pid=${child.pid}`, `--fsize=${bytes}`]);
    t.equal(status, 0, String(stderr));
  };
  const wal = statSync(join(folder, "anchorwatch.db-wal")).size;
  limit(`${Math.max(4096, wal - 4096)}:unlimited`);
  t.match(await eventually(async () => (await problems())[0]), {
    code: "history-unavailable",
    message: /results wait in memory/,
  });
  const before = Date.now();
  await linkWhere(url, ({ checkedAt }) => Date.parse(checkedAt ?? "") > before + 2000);
  t.match(
    await eventually(async () => {
      const answer = await fetch(`${url}metrics`);
      return /^anchorwatch_history_waiting [1-9]\d*$/m.exec(await answer.text())?.[0];
    }),
    /waiting/,
    "results wait",
  );
  const alerts = (await (await fetch(`${url}api/v1/alerts`)).json()) as {
    readonly alerts: readonly { readonly code: string; readonly status: string }[];
  };
  t.ok(
    alerts.alerts.some(({ code, status }) => code === "history-unavailable" && status === "firing"),
    "people are told",
  );
  limit("unlimited");
  await eventually(async () => ((await problems()).length === 0 ? true : undefined));
  const answer = await fetch(`${url}api/v1/links?limit=1000`);
  const { links } = (await answer.json()) as { readonly links: readonly LinkJson[] };
  const database = openDatabase(join(folder, "anchorwatch.db"));
  t.teardown(() => database.close());
  t.equal(defectOf(database), null);
  const latest = database.prepare("SELECT max(last_seen) AS at FROM verdict WHERE endpoint = ?");
  for (const { endpoint, checkedAt } of links)
    t.ok(Number(latest.get(endpoint)?.["at"]) >= Date.parse(checkedAt ?? ""), endpoint);
});
