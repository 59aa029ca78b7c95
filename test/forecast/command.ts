import { join } from "node:path";
import t from "tap";
import {
  FORECAST_DOCUMENT_SCHEMA,
  FORECAST_LINE_SCHEMA,
  FORECAST_SCHEMA,
} from "../../src/report/forecast/forecast-schema.ts";
import { anchorwatch, linesOf } from "../cli/command.ts";
import { readAs } from "../cli/records.ts";
import {
  eventually,
  judgedLinks,
  presentCertificate,
  startDaemon,
  tlsServer,
  writeFiles,
} from "../daemon/fixture.ts";
import { readCalendar } from "./calendar-reader.ts";

t.test("forecast", async (t) => {
  const folder = t.testdir({});
  const root = presentCertificate({ name: "Test Root", ca: true, days: 3650 });
  const ca = presentCertificate({ name: "Issuing CA", ca: true, days: 60, issuer: root });
  const leaf = presentCertificate({ name: "localhost", issuer: ca, san: ["localhost"], days: 300 });
  const stranger = presentCertificate({ name: "Stranger", ca: true, days: 900 });
  const options = { cert: leaf.pem + ca.pem };
  const [east, west] = [await tlsServer(t, leaf, options), await tlsServer(t, leaf, options)];
  const estate = (clients: string): string => `version: 1
truststores:
  roots: { path: root.pem }
  empty: { path: stranger.pem }
clients:
  one: { profile: openjdk-17, trust: roots }
  two: { profile: openssl-3, trust: roots }
  lost: { profile: go, trust: empty }
endpoints:
  east: { url: "https://localhost:${east}", connect: "127.0.0.1:${east}", labels: { team: bpm } }
  west: { url: "https://localhost:${west}", connect: "127.0.0.1:${west}", labels: { team: bpm } }
links: [{ from: one, to: [east, west] }, { from: two, to: [east, west] }${clients}]
`;
  writeFiles(folder, {
    "root.pem": root.pem,
    "stranger.pem": stranger.pem,
    "anchorwatch.yaml": estate(""),
    "broken.yaml": estate(", { from: lost, to: east }"),
  });
  const run = (...args: readonly string[]) => anchorwatch(["forecast", ...args], { cwd: folder });

  await t.test("forecast looks at every endpoint and tells the work that is ahead", async (t) => {
    const { code, stdout, stderr } = await run("--format", "json");
    t.equal(stderr, "");
    t.equal(code, 0, "60 days are more than the thresholds");
    const document = readAs(t, FORECAST_DOCUMENT_SCHEMA, stdout);
    t.match(document, {
      estate: "anchorwatch.yaml",
      source: "live",
      exitCode: 0,
      summary: { links: 4, ending: 4, lasting: 0, broken: 0, unknown: 0, works: 2 },
      works: [
        {
          kind: "intermediate",
          title: "Replace the CA Issuing CA that the servers send",
          severity: "info",
          endpoints: ["east", "west"],
          labels: { team: "bpm" },
          links: [{ client: "one" }, { client: "one" }, { client: "two" }, { client: "two" }],
        },
        { kind: "leaf", links: [], later: { length: 4 } },
      ],
    });
    const lines = linesOf((await run("--format", "ndjson")).stdout).map((line) =>
      readAs(t, FORECAST_LINE_SCHEMA, line),
    );
    t.same(lines, document?.links);
  });

  await t.test("forecast --days looks as far, and counts what it finds", async (t) => {
    const [near, far] = await Promise.all([run("--days", "50"), run("--days", "90")]);
    t.match([near.code, near.stdout], [0, /No link that works breaks until/]);
    t.match([far.code, far.stdout], [1, /4 links of 4 break until .* unless 1 piece of work is/s]);
  });

  await t.test("forecast --at looks from another time", async (t) => {
    const at = new Date(Date.now() + 55 * 86_400_000).toISOString();
    const { code, stdout } = await run("--at", at);
    t.equal(code, 2, "within the critical threshold");
    t.match(stdout, /1\. Replace the CA Issuing CA that the servers send/);
    t.match(stdout, /\n {2}\d\. anchorwatch check https:\/\/localhost:\d+ [^\n]*--client one/);
    for (const line of linesOf(stdout))
      if (!/anchorwatch check|(?:[0-9A-F]{2}:){31}/.test(line)) t.ok(line.length <= 80, line);
  });

  await t.test("forecast tells what is broken now, and writes calendars", async (t) => {
    const { code, stdout } = await run("--estate", "broken.yaml", "--format", "ics");
    t.equal(code, 2);
    t.equal(readCalendar(stdout).components.length, 1);
  });

  await t.test(
    "forecast --offline goes by what the daemon recorded, and so does its API",
    async (t) => {
      const without = await run("--offline");
      t.equal(without.code, 3);
      t.match(without.stderr, /--offline: the history .*anchorwatch\.db cannot be read/);
      const daemon = await startDaemon(t, join(folder, "anchorwatch.yaml"));
      await judgedLinks(daemon.url);
      const response = await fetch(`${daemon.url}api/v1/forecast?days=365`);
      const answer = readAs(t, FORECAST_SCHEMA, await response.text());
      t.match(answer?.summary, { links: 4, ending: 4, works: 2 });
      const refused = await fetch(`${daemon.url}api/v1/forecast?days=0`);
      t.equal(refused.status, 400);
      const document = await eventually(async () => {
        const { stdout } = await run("--offline", "--format", "json");
        const read = readAs(t, FORECAST_DOCUMENT_SCHEMA, stdout);
        return read?.summary.ending === 4 ? read : undefined;
      });
      t.equal(document.source, "history");
      t.same(
        document.works.map(({ remedy: _remedy, ...work }) => work),
        answer?.works.map(({ remedy: _remedy, ...work }) => work),
      );
    },
  );

  await t.test("forecast refuses what makes no sense", async (t) => {
    const [both, none] = await Promise.all([
      run("--offline", "--handshakes", "x"),
      run("--days", "0"),
    ]);
    t.strictSame([both.code, none.code], [64, 64]);
    t.match(both.stderr, "Use either --offline or --handshakes");
    t.match(none.stderr, "Use a whole number of days from 1 to 36500");
  });
});
