import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import t, { type Test } from "tap";
import { Health } from "../../src/daemon/health.ts";
import { History, type HistoryOptions } from "../../src/daemon/history.ts";
import { handshakesAt, observationsOf, verdictsOf } from "../../src/daemon/history-reader.ts";
import { fingerprintOf, handshakeRecord } from "../../src/daemon/handshake-record.ts";
import { HISTORY_VERSION, versionOf } from "../../src/daemon/history-schema.ts";
import { linkKey } from "../../src/daemon/link-state.ts";
import { NO_PHASES } from "../../src/probe/handshake.ts";
import { type Database, openDatabase } from "../../src/daemon/sqlite.ts";
import { FakeClock, NOW, settle } from "./fake-clock.ts";
import { delivery } from "./notify/samples.ts";
import { certificate, handshake, keptLog, link, observation, refused } from "./samples.ts";

const DAY = 86_400_000;

const fixture = (t: Test, options: Partial<HistoryOptions> = {}) => {
  const path = join(t.testdir(), "history.db");
  const clock = new FakeClock();
  const { log, lines } = keptLog();
  const health = new Health(clock, log);
  const open = (): History => new History({ path, keep: 30 * DAY, clock, health, ...options });
  const history = open();
  t.teardown(() => history.close());
  const read = <T>(use: (database: Database) => T): T => {
    const database = openDatabase(path);
    try {
      return use(database);
    } finally {
      database.close();
    }
  };
  return { path, clock, health, history, open, read, lines };
};

const entry = (at: number, state: "ok" | "broken" = "ok", endpoint = "bpm-east") => ({
  endpoint,
  observation: observation(at, state === "ok" ? handshake() : refused()),
  links: [link({ endpoint, state, ok: state === "ok", checkedAt: at, since: at })],
});

void t.test("History moves only a timestamp while nothing changes", async (t) => {
  const { history, read } = fixture(t);
  const root = certificate({ name: "Root", ca: true });
  const leaf = certificate({ name: "bpm", issuer: root });
  const shown = handshake({ certificates: [leaf.der, root.der] });
  for (let minute = 0; minute < 10; minute++) {
    const at = NOW + minute * 60_000;
    const dialog = [{ direction: "received", text: `220 ${new Date(at).toISOString()}` }] as const;
    const again = { ...shown, dialog, startedAt: new Date(at).toISOString() };
    history.record({
      endpoint: "bpm-east",
      observation: observation(at, again),
      links: [link({ checkedAt: at, since: NOW })],
    });
  }
  read((database) => {
    const [seen, ...more] = observationsOf(database, "bpm-east");
    t.same(more, []);
    t.match(seen, {
      address: "192.0.2.1",
      identity: null,
      firstSeen: NOW,
      lastSeen: NOW + 540_000,
    });
    const unknown = NO_PHASES;
    const startedAt = new Date(NOW + 540_000).toISOString();
    t.same(seen?.handshake, { ...shown, startedAt, phases: unknown }, "it can be judged again");
    t.match(verdictsOf(database, "pfs", "bpm-east"), [
      { state: "ok", firstSeen: NOW, lastSeen: NOW + 540_000 },
    ]);
    t.same(
      database.prepare("SELECT address, first_seen, last_seen FROM certificate_seen").all(),
      [leaf, root].map(() => ({
        address: "192.0.2.1",
        first_seen: NOW,
        last_seen: NOW + 540_000,
      })),
    );
  });
});

void t.test("History keeps every change, and equal answers once", async (t) => {
  const { history, read } = fixture(t);
  for (const [minute, state] of (["ok", "ok", "broken", "ok", "broken"] as const).entries())
    history.record(entry(NOW + minute, state));
  read((database) => {
    t.same(
      observationsOf(database, "bpm-east").map((seen) => [
        seen.handshake?.outcome,
        seen.firstSeen - NOW,
        seen.lastSeen - NOW,
      ]),
      [
        ["complete", 0, 1],
        ["failed", 2, 2],
        ["complete", 3, 3],
        ["failed", 4, 4],
      ],
    );
    t.same(
      verdictsOf(database, "pfs", "bpm-east").map(({ state }) => state),
      ["ok", "broken", "ok", "broken"],
    );
    t.equal(database.prepare("SELECT count(*) AS n FROM handshake").get()?.["n"], 2);
  });
});

void t.test("History tells addresses, client certificates and wording apart", async (t) => {
  const { history, read } = fixture(t);
  const second = handshake({
    address: "192.0.2.2",
    certificateRequest: {
      certificateTypes: ["rsa_sign"],
      authorities: [Uint8Array.of(0x30, 0x00)],
      signatureSchemes: ["rsa_pss_rsae_sha256"],
      certificateSignatureSchemes: null,
      oidFilters: [],
    },
    ocspStaple: Uint8Array.of(1),
    firstBytes: Uint8Array.of(2),
  });
  const finding = {
    code: "leaf.expiring",
    severity: "warning",
    evidence: { certificates: [], truststore: null, alias: null, time: null },
    remedy: [],
    clientMessage: null,
  } as const;
  for (const at of [NOW, NOW + 1])
    history.record({
      endpoint: "e",
      observation: {
        at,
        handshakes: [
          { identity: null, handshake: handshake() },
          { identity: "abc", handshake: handshake() },
          { identity: null, handshake: second },
        ],
      },
      links: [
        link({ endpoint: "e", checkedAt: at, findings: [{ ...finding, summary: `Seen ${at}` }] }),
      ],
    });
  read((database) => {
    const seen = observationsOf(database, "e");
    t.same(
      seen.map(({ address, identity }) => [address, identity]),
      [
        ["192.0.2.1", null],
        ["192.0.2.1", "abc"],
        ["192.0.2.2", null],
      ],
    );
    t.match(seen[2]?.handshake, {
      certificateRequest: { signatureSchemes: ["rsa_pss_rsae_sha256"] },
      ocspStaple: Uint8Array.of(1),
      firstBytes: Uint8Array.of(2),
    });
    t.same(seen[2]?.handshake?.certificateRequest?.authorities, [Uint8Array.of(0x30, 0x00)]);
    t.equal(verdictsOf(database, "pfs", "e").length, 1, "another wording is no other verdict");
  });
});

const PLACES: Readonly<Record<string, string>> = {
  a: "192.0.2.1",
  b: "192.0.2.2",
  gone: "192.0.2.3",
};

void t.test(
  "History.rememberedAlerts() keeps the order of messages whatever the clock said",
  (t) => {
    const { history, open } = fixture(t);
    const messages = [NOW, NOW - DAY, NOW + DAY, NOW].map((createdAt, index) =>
      delivery({ id: String(9 - index).repeat(32), createdAt }),
    );
    history.record({ alerts: [], dropped: [], deliveries: messages });
    const [first, ...others] = messages;
    if (first !== undefined)
      history.record({ alerts: [], dropped: [], deliveries: [{ ...first, attempts: 3 }] });
    history.close();
    const again = open();
    t.same(
      again.rememberedAlerts(0).waiting.map(({ notification }) => notification.id),
      [first, ...others].map((each) => each?.notification.id),
    );
    again.close();
    t.end();
  },
);

void t.test("handshakesAt() gives what each address answered as of a time", async (t) => {
  const { history, read } = fixture(t);
  const root = certificate({ name: "Root", ca: true });
  const [old, fresh] = [1, 2].map(() => certificate({ name: "bpm", issuer: root }).der);
  if (old === undefined || fresh === undefined) throw new Error("There are two certificates");
  const look = (at: number, answers: Readonly<Record<string, Uint8Array>>): void =>
    history.record({
      endpoint: "e",
      observation: observation(
        at,
        ...Object.entries(answers).map(([address, der]) =>
          handshake({ address: PLACES[address] ?? null, certificates: [der] }),
        ),
      ),
      links: [],
    });
  look(NOW, { a: old, b: old, gone: old });
  look(NOW + 10, { a: old, b: old });
  look(NOW + 20, { a: fresh, b: old });
  look(NOW + 30, { a: fresh, b: fresh });
  const asOf = (at: number) =>
    read((database) =>
      handshakesAt(database, "e", at)
        .map(({ address, certificates: [der], startedAt }) => {
          const name = der === undefined ? "" : Buffer.from(der).equals(old) ? "old" : "fresh";
          const place = Object.keys(PLACES).find((each) => PLACES[each] === address);
          return `${place} ${name} ${Date.parse(startedAt) - NOW}`;
        })
        .toSorted(),
    );
  t.same(asOf(NOW - 1), [], "nothing was seen yet");
  t.same(asOf(NOW), ["a old 0", "b old 0", "gone old 0"]);
  t.same(asOf(NOW + 15), ["a old 10", "b old 15"], "between two looks, and without what is gone");
  t.same(asOf(NOW + 25), ["a fresh 25", "b old 20"]);
  t.same(asOf(NOW + 30), ["a fresh 30", "b fresh 30"]);
  t.same(asOf(NOW + 99), ["a fresh 30", "b fresh 30"], "after the last look");
  read((database) => t.same(handshakesAt(database, "other", NOW), []));
});

void t.test("History.remembered() knows since when a link was in its state", async (t) => {
  const { history, open } = fixture(t);
  history.record(entry(NOW, "ok"));
  history.record(entry(NOW + 5000, "broken"));
  history.record(entry(NOW + 6000, "ok", "other"));
  history.close();
  const again = open();
  t.teardown(() => again.close());
  t.same(
    [...again.remembered()],
    [
      [linkKey("pfs", "bpm-east"), { state: "broken", since: NOW + 5000 }],
      [linkKey("pfs", "other"), { state: "ok", since: NOW + 6000 }],
    ],
  );
  again.record(entry(NOW + 9000, "broken"));
  t.equal(again.remembered().get(linkKey("pfs", "bpm-east"))?.since, NOW + 5000, "no new row");
});

void t.test("History waits while another process has locked the database", async (t) => {
  const { path, clock, health, history, read, lines } = fixture(t);
  const other = openDatabase(path);
  other.exec("BEGIN EXCLUSIVE");
  const begun = performance.now();
  for (let index = 0; index < 100; index++) history.record(entry(NOW + index));
  t.ok(performance.now() - begun < 5000, "nobody waits for the lock");
  t.match(health.problems, [{ code: "history-unavailable", subject: path, message: /locked/ }]);
  t.equal(lines.filter((line) => line.includes("locked")).length, 1, "it is logged once");
  other.exec("ROLLBACK");
  other.close();
  await clock.advance(60_000);
  t.same(health.problems, []);
  read((database) =>
    t.match(observationsOf(database, "bpm-east"), [{ firstSeen: NOW, lastSeen: NOW + 99 }]),
  );
});

const asideOf = (path: string): readonly string[] =>
  readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.damaged-`));

void t.test("History sets aside a file that is no database, and begins a new one", async (t) => {
  const notes = "this is not a database, but somebody's notes\n".repeat(50);
  const path = join(t.testdir({ "history.db": notes }), "history.db");
  const clock = new FakeClock();
  const health = new Health(clock, keptLog().log);
  const history = new History({ path, keep: DAY, clock, health });
  t.teardown(() => history.close());
  t.same(history.remembered(), new Map());
  history.record(entry(NOW));
  const [aside = "", ...more] = asideOf(path);
  t.same(more, []);
  t.match(health.problems, [
    {
      code: "history-damaged",
      subject: path,
      message: new RegExp(`the damaged one is .*${aside}`),
    },
  ]);
  t.equal(readFileSync(join(dirname(path), aside), "utf8"), notes, "nothing of it is lost");
  await clock.advance(2 * 3_600_000);
  t.match(health.problems, [{ code: "history-damaged" }], "until somebody has seen to it");
  rmSync(join(dirname(path), aside));
  await clock.advance(3_600_000);
  t.same(health.problems, []);
  history.close();
  const database = openDatabase(path);
  t.equal(observationsOf(database, "bpm-east").length, 1);
  database.close();
});

void t.test(
  "History begins anew where pages were overwritten, and says so again after a restart",
  async (t) => {
    let begun = 0;
    const { path, clock, health, history, open } = fixture(t, { begun: () => begun++ });
    for (let index = 0; index < 500; index++)
      history.record(entry(NOW + index, index % 2 === 0 ? "ok" : "broken", `e${index}`));
    history.close();
    const bytes = readFileSync(path);
    t.ok(bytes.length > 8 * 4096, "there are pages to damage");
    bytes.fill(0xa5, 4096);
    writeFileSync(path, bytes);
    const again = open();
    again.remembered();
    for (let index = 0; index < 20; index++) again.record(entry(NOW + 1000 + index));
    t.equal(begun, 1, "whoever kept something there is told");
    t.match(health.problems, [{ code: "history-damaged" }]);
    t.equal(again.waiting, 0);
    again.close();
    const later = new Health(clock, keptLog().log);
    const third = new History({ path, keep: DAY, clock, health: later });
    t.teardown(() => third.close());
    t.equal(third.remembered().size, 1);
    t.match(later.problems, [{ code: "history-damaged" }]);
  },
);

void t.test("handshakeRecord() is the same for answers that differ in clocks alone", async (t) => {
  const at = (time: string) =>
    handshakeRecord(
      handshake({
        startedAt: time,
        serverHello: {
          sessionIdLength: 0,
          sessionIdEchoed: false,
          compression: "null",
          secureRenegotiation: true,
          extendedMasterSecret: true,
          encryptThenMac: false,
          ticketPromised: false,
          time,
        },
        request: {
          method: "HEAD",
          path: "/",
          status: 200,
          reason: "OK",
          location: null,
          strictTransportSecurity: null,
          server: null,
          date: time,
          expectStatus: [],
          failure: null,
          timeMs: 12,
        },
      }),
    ).digest.toString("hex");
  t.equal(at("2026-11-21T12:00:00.000Z"), at("2026-11-21T12:05:00.000Z"));
});

void t.test("History keeps what a version 1 of it knew", async (t) => {
  const path = join(t.testdir(), "history.db");
  const root = certificate({ name: "Root", ca: true });
  const shown = handshake({ certificates: [root.der] });
  const { digest, body } = handshakeRecord(shown);
  const old = openDatabase(path);
  old.exec(readFileSync(new URL("history-v1.sql", import.meta.url), "utf8"));
  old.prepare("INSERT INTO certificate VALUES (1, ?, ?)").run(fingerprintOf(root.der), root.der);
  old.prepare("INSERT INTO handshake VALUES (1, ?, ?)").run(digest, body);
  old
    .prepare("INSERT INTO observation VALUES (1, 'bpm-east', '192.0.2.1', NULL, 1, ?, ?)")
    .run(NOW - DAY, NOW - 1000);
  old
    .prepare("INSERT INTO certificate_seen VALUES (1, 'bpm-east', '192.0.2.1', 1, ?, ?)")
    .run(NOW - DAY, NOW - 1000);
  old
    .prepare("INSERT INTO verdict VALUES (1, 'pfs', 'bpm-east', 'broken', x'00', '{}', ?, ?, ?)")
    .run(NOW - DAY, NOW - DAY, NOW - 1000);
  old.close();
  const clock = new FakeClock();
  const health = new Health(clock, keptLog().log);
  const history = new History({ path, keep: 30 * DAY, clock, health });
  t.teardown(() => history.close());
  t.same(health.problems, []);
  t.same(history.remembered().get(linkKey("pfs", "bpm-east")), {
    state: "broken",
    since: NOW - DAY,
  });
  t.equal(history.answers("bpm-east", 8)[0]?.firstSeen, NOW - DAY);
  history.record({ endpoint: "bpm-east", observation: observation(NOW, shown), links: [] });
  history.record({ alerts: [], dropped: [], deliveries: [] });
  history.close();
  const now = openDatabase(path);
  t.equal(versionOf(now), HISTORY_VERSION);
  t.match(observationsOf(now, "bpm-east"), [{ firstSeen: NOW - DAY, lastSeen: NOW }], "it goes on");
  t.same(now.prepare("SELECT count(*) AS n FROM alert").get(), { n: 0 });
  t.same(now.prepare("PRAGMA foreign_key_check").all(), []);
  now.close();
});

void t.test("History goes on without a word written when the disk is full", async (t) => {
  const { health, history, clock } = fixture(t, { maxPages: 30 });
  for (let index = 0; index < 200; index++)
    history.record(entry(NOW + index, "ok", `endpoint-${index}`.repeat(20)));
  t.match(health.problems, [
    { code: "history-unavailable", message: /the disk or its quota is full/ },
  ]);
  await clock.advance(3_600_000);
  t.match(health.problems, [{ code: "history-unavailable" }], "it is still full");
});

void t.test("History says how much it had to drop", async (t) => {
  let lost = 0;
  const { health, history, path, clock, lines } = fixture(t, { lost: () => void lost++ });
  const other = openDatabase(path);
  other.exec("BEGIN EXCLUSIVE");
  for (let index = 0; index < 10_005; index++) history.record(entry(NOW + index));
  t.match(
    health.problems.find(({ code }) => code === "history-incomplete"),
    { message: "5 results could not be recorded: too many wait for the database" },
  );
  t.equal(lost, 5, "each is counted");
  t.equal(
    lines.filter((line) => line.includes("history-incomplete")).length,
    3,
    "the log does not grow with each",
  );
  other.close();
  await clock.advance(60_000);
  t.same(
    health.problems.map(({ code }) => code),
    ["history-incomplete"],
  );
  await clock.advance(3_600_000);
  t.same(health.problems, [], "it is told for an hour");
});

void t.test("History goes on in memory where its file cannot be made", async (t) => {
  // a file in the place of a folder stops every user, root included
  const folder = t.testdir({ occupied: "" });
  const clock = new FakeClock();
  const health = new Health(clock, keptLog().log);
  const path = join(folder, "occupied", "history.db");
  const history = new History({ path, keep: DAY, clock, health });
  history.record(entry(NOW));
  t.match(health.problems, [{ code: "history-unavailable", message: /cannot be opened/ }]);
  history.close();
});

void t.test("History refuses a database of a newer version and changes nothing", async (t) => {
  const { path, history, open, health, read } = fixture(t);
  history.close();
  read((database) => database.exec("PRAGMA user_version = 99"));
  const again = open();
  again.record(entry(NOW));
  t.match(health.problems, [
    { message: "The history is of version 99, and this program knows versions up to 2" },
  ]);
  again.close();
  t.equal(existsSync(path), true);
  read((database) => t.same(observationsOf(database, "bpm-east"), []));
});

void t.test("History forgets what is older than it is to keep", async (t) => {
  const { history, clock, read } = fixture(t);
  const old = certificate({ name: "old" });
  const present = certificate({ name: "present" });
  history.record({
    endpoint: "gone",
    observation: observation(NOW, handshake({ certificates: [old.der], alpn: "h2" })),
    links: [link({ endpoint: "gone", checkedAt: NOW })],
  });
  for (let day = 0; day <= 40; day++) {
    await clock.advance(DAY);
    history.record({
      endpoint: "bpm-east",
      observation: observation(clock.wall(), handshake({ certificates: [present.der] })),
      links: [link({ checkedAt: clock.wall(), since: NOW })],
    });
  }
  read((database) => {
    t.same(observationsOf(database, "gone"), []);
    t.same(verdictsOf(database, "pfs", "gone"), []);
    t.equal(observationsOf(database, "bpm-east").length, 1, "what is still seen is kept");
    for (const table of ["handshake", "certificate", "certificate_seen", "verdict"])
      t.equal(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"], 1, table);
  });
});

void t.test("History.keep() holds for what was recorded and for what waits", async (t) => {
  const { history, path, clock, read } = fixture(t);
  history.record(entry(NOW));
  const other = openDatabase(path);
  other.exec("BEGIN EXCLUSIVE");
  history.record(entry(NOW + 1, "ok", "waiting"));
  history.keep(2 * DAY);
  other.close();
  await clock.advance(DAY);
  read((database) => {
    t.equal(observationsOf(database, "bpm-east").length, 1);
    t.equal(observationsOf(database, "waiting").length, 1, "nothing that waits is lost");
  });
  await clock.advance(2 * DAY);
  read((database) => t.same(observationsOf(database, "bpm-east"), []));
});

void t.test("History forgets nothing because of a clock that was set wrong", async (t) => {
  const { history, clock, read } = fixture(t);
  history.record(entry(NOW));
  clock.jump(20 * 365 * DAY);
  await clock.advance(2 * 3_600_000);
  read((database) => t.equal(observationsOf(database, "bpm-east").length, 1));
  clock.jump(-20 * 365 * DAY);
  history.record(entry(NOW - 5000));
  read((database) =>
    t.match(
      observationsOf(database, "bpm-east"),
      [{ firstSeen: NOW, lastSeen: NOW }],
      "times never go back",
    ),
  );
});

void t.test("History holds no more open after close()", async (t) => {
  const { history, path, clock } = fixture(t);
  history.record(entry(NOW));
  history.close();
  history.close();
  history.record(entry(NOW + 1));
  await settle();
  t.equal(clock.timers, 0);
  t.notOk(existsSync(`${path}-wal`), "the log was written back");
  t.ok(statSync(path).size > 0);
});
