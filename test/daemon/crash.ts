import { join } from "node:path";
import t from "tap";
import { latestTime, observationsOf, verdictsOf } from "../../src/daemon/history-reader.ts";
import { openDatabase } from "../../src/daemon/sqlite.ts";
import {
  eventually,
  smallPki,
  startDaemon,
  tlsServer,
  judgedLinks,
  writeFiles,
} from "./fixture.ts";
import { startScript } from "./processes.ts";

const integrity = (path: string): unknown => {
  const database = openDatabase(path);
  try {
    return database.prepare("PRAGMA integrity_check").get()?.["integrity_check"];
  } finally {
    database.close();
  }
};

void t.test("History has everything on disk that was recorded before a kill", async (t) => {
  const path = join(t.testdir(), "history.db");
  for (let round = 0; round < 4; round++) {
    const { child, output, ended } = startScript(t, "writer-child.ts", [path]);
    await eventually(async () =>
      output().split("\n").length > 40 + round * 37 ? true : undefined,
    );
    child.kill("SIGKILL");
    t.equal((await ended).signal, "SIGKILL");
    t.equal(integrity(path), "ok");
    const acknowledged = new Map(
      output()
        .split("\n")
        .slice(0, -1)
        .map((line) => line.split(" ") as [string, string]),
    );
    const database = openDatabase(path);
    for (const [endpoint, at] of acknowledged) {
      const seen = observationsOf(database, endpoint).at(-1)?.lastSeen ?? 0;
      t.ok(seen >= Number(at), `${endpoint} was seen at ${at}`);
      t.ok((verdictsOf(database, "pfs", endpoint).at(-1)?.lastSeen ?? 0) >= Number(at));
    }
    database.close();
  }
});

void t.test("runDaemon() goes on with its history after it was killed during writes", async (t) => {
  const folder = t.testdir();
  const { root, leaf } = smallPki();
  const port = await tlsServer(t, leaf);
  const names = Array.from({ length: 40 }, (_, index) => `e${index}`);
  writeFiles(folder, {
    "root.pem": root.pem,
    "anchorwatch.yaml": `version: 1
truststores: { roots: { path: root.pem } }
clients: { app: { profile: openjdk-17, trust: roots } }
endpoints:
${names.map((name) => `  ${name}: { url: "https://localhost:${port}", connect: 127.0.0.1, every: 1s }`).join("\n")}
links: [{ from: app, to: [${names.join(", ")}] }]
schedule: { perHost: 8 }
`,
  });
  const estate = join(folder, "anchorwatch.yaml");
  const path = join(folder, "anchorwatch.db");
  const since = new Map<string, string | null>();
  for (let round = 0; round < 2; round++) {
    const { child, output, ended } = startScript(t, "child.ts", [estate]);
    const url = await eventually(async () => /http\S+/.exec(output())?.[0]);
    const links = await judgedLinks(url);
    child.kill("SIGKILL");
    await ended;
    t.equal(integrity(path), "ok");
    const database = openDatabase(path);
    for (const { client, endpoint, state, checkedAt } of links) {
      const verdict = verdictsOf(database, client, endpoint).at(-1);
      t.equal(verdict?.state, state);
      t.ok((verdict?.lastSeen ?? 0) >= Date.parse(checkedAt ?? ""), "what was shown is on disk");
    }
    t.ok((latestTime(database) ?? 0) > Date.now() - 60_000);
    database.close();
    for (const link of links) since.set(link.endpoint, since.get(link.endpoint) ?? link.since);
  }
  const { url } = await startDaemon(t, estate);
  for (const link of await judgedLinks(url))
    t.equal(link.since, since.get(link.endpoint), "the age of a state survives");
});
