import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { backUpHistory } from "../../src/daemon/history-backup.ts";
import { observationsOf } from "../../src/daemon/history-reader.ts";
import { summariseHistory } from "../../src/daemon/history-summary.ts";
import { History } from "../../src/daemon/history.ts";
import { Health } from "../../src/daemon/health.ts";
import { openDatabase } from "../../src/daemon/sqlite.ts";
import { anchorwatch } from "../cli/command.ts";
import { FakeClock, NOW } from "./fake-clock.ts";
import { certificate, handshake, link, observation, refused, silent } from "./samples.ts";

const DAY = 86_400_000;

const openHistory = (t: Test, folder: string): History => {
  const clock = new FakeClock();
  const path = join(folder, "anchorwatch.db");
  const history = new History({ path, keep: DAY, clock, health: new Health(clock, silent) });
  t.teardown(() => history.close());
  return history;
};

const look = (endpoint: string, at: number, works = true) => ({
  endpoint,
  observation: observation(
    at,
    works
      ? handshake({ certificates: [certificate({ name: endpoint }).der] })
      : refused({ serverName: `${endpoint}.`.repeat(200) }),
  ),
  links: [link({ endpoint, state: works ? "ok" : "broken", checkedAt: at, since: at })],
});

void t.test("backUpHistory() copies what is recorded while more is recorded", async (t) => {
  const folder = t.testdir();
  const history = openHistory(t, folder);
  for (let index = 0; index < 2000; index++) history.record(look(`e${index}`, NOW, false));
  const [from, to] = [join(folder, "anchorwatch.db"), join(folder, "backup.db")];
  let isCopying = true;
  const writing = (async () => {
    let count = 0;
    while (isCopying) {
      history.record(look("busy", NOW + ++count, count % 2 === 0));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return count;
  })();
  const made = await backUpHistory(from, to, { overwrite: false });
  isCopying = false;
  t.match(made, { ok: true, value: { path: to, size: statSync(to).size } });
  t.ok((await writing) > 0, "writing went on");
  t.equal(statSync(to).mode & 0o777, 0o600, "it is as private as the history");
  const copy = openDatabase(to);
  for (const index of [0, 999, 1999]) t.equal(observationsOf(copy, `e${index}`).length, 1);
  copy.close();
  t.match(summariseHistory(to), {
    ok: true,
    value: { version: 2, firstSeen: NOW, alerts: 0, waiting: 0 },
  });
  t.same(
    readdirSync(folder).filter((name) => name.startsWith(".")),
    [],
    "nothing is left behind",
  );
});

void t.test("backUpHistory() replaces a file only when it is told to", async (t) => {
  const folder = t.testdir({ "kept.db": "somebody's notes" });
  openHistory(t, folder).record(look("e", NOW));
  const [from, to] = [join(folder, "anchorwatch.db"), join(folder, "kept.db")];
  t.match(await backUpHistory(from, to, { overwrite: false }), {
    ok: false,
    error: `${to}: The file exists; give --force to replace it`,
  });
  t.equal(readFileSync(to, "utf8"), "somebody's notes");
  t.match(await backUpHistory(from, to, { overwrite: true }), { ok: true });
  t.match(summariseHistory(to), { ok: true, value: { observations: 1, certificates: 1 } });
  for (const overwrite of [false, true])
    t.match(await backUpHistory(from, from, { overwrite }), {
      ok: false,
      error: /This is the history itself/,
    });
});

void t.test("backUpHistory() makes no backup of what is damaged, and leaves nothing", async (t) => {
  const folder = t.testdir({ "notes.db": "no database\n".repeat(1000) });
  const history = openHistory(t, folder);
  for (let index = 0; index < 300; index++) history.record(look(`e${index}`, NOW, false));
  history.close();
  const damaged = join(folder, "anchorwatch.db");
  const bytes = readFileSync(damaged);
  bytes.fill(0xa5, 4096 * 5);
  writeFileSync(damaged, bytes);
  const to = join(folder, "backup.db");
  t.match(await backUpHistory(damaged, to, { overwrite: false }), {
    ok: false,
    error: /anchorwatch\.db: The history (is damaged|cannot be copied)/,
  });
  t.match(summariseHistory(damaged), { ok: false, error: /damaged/ });
  t.match(await backUpHistory(join(folder, "notes.db"), to, { overwrite: false }), {
    ok: false,
    error: /because the file is not a database/,
  });
  t.match(await backUpHistory(join(folder, "none.db"), to, { overwrite: false }), {
    ok: false,
    error: /There is no history yet/,
  });
  t.match(await backUpHistory(damaged, join(folder, "none", "b.db"), { overwrite: true }), {
    ok: false,
    error: /The backup cannot be written \(ENOENT\)/,
  });
  t.equal(existsSync(to), false);
  t.same(readdirSync(folder).toSorted(), ["anchorwatch.db", "notes.db"]);
});

void t.test("history backup and history info work beside a running daemon", async (t) => {
  const folder = t.testdir({ "anchorwatch.yaml": "version: 1\n" });
  const history = openHistory(t, folder);
  history.record(look("e", NOW));
  const [estate, to] = [join(folder, "anchorwatch.yaml"), join(folder, "copy.db")];
  const made = await anchorwatch(["history", "backup", to, "--estate", estate]);
  t.equal(made.code, 0, made.stderr);
  t.match(made.stdout, /copy\.db: \d+ kB, checked\n/);
  const again = await anchorwatch(["history", "backup", to, "--estate", estate]);
  t.equal(again.code, 3);
  t.match(again.stderr, /The file exists; give --force to replace it/);
  const info = await anchorwatch(["history", "info", "--estate", estate]);
  t.equal(info.code, 0, info.stderr);
  t.match(info.stdout, /sound, version 2\nSeen +2026-06-01T12:00:00Z to 2026-06-01T12:00:00Z\n/);
  t.match(info.stdout, /^Answers +1 distinct, 1 changes$/m);
});
