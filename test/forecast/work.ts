import t from "tap";
import { forecast, type Forecast } from "../../src/links/forecast/forecast.ts";
import { forecastRecord } from "../../src/report/forecast/forecast-record.ts";
import { exitCodeOfForecast } from "../../src/report/forecast/forecast-report.ts";
import { FORECAST_SCHEMA } from "../../src/report/forecast/forecast-schema.ts";
import { DAY, hostOf, issue, makeKeys, NOW, surroundingsOf, type TestEstate } from "./world.ts";

const [rootKey, caKey, leafKey, clientKey] = await makeKeys(4);
if (
  rootKey === undefined ||
  caKey === undefined ||
  leafKey === undefined ||
  clientKey === undefined
)
  throw new Error("No keys");

const root = issue("Root", rootKey, 3000, { ca: true });
const ca = issue("Issuing CA", caKey, 40, { ca: true, issuer: root });
const leafOf = (endpoint: string, days: number) =>
  issue(endpoint, leafKey, days, { issuer: ca, san: [hostOf(endpoint)] });
const client = (changes: Partial<TestEstate["clients"][string]> = {}) => ({
  profile: "openjdk-17" as const,
  anchors: [root],
  ...changes,
});
const ahead = (estate: TestEstate, days = 365): Forecast =>
  forecast({ ...surroundingsOf(estate), at: NOW, until: NOW + days * DAY });

t.test("forecast() makes one piece of work of one renewal that saves many links", async (t) => {
  const found = ahead({
    clients: { one: client(), two: client() },
    endpoints: {
      east: [[leafOf("east", 300), ca]],
      west: [[leafOf("west", 300), ca]],
      soon: [[leafOf("soon", 20), ca]],
    },
    labels: {
      east: { team: "bpm", zone: "a" },
      west: { team: "bpm", zone: "b" },
      soon: { team: "bpm", zone: "a" },
    },
  });
  const [first, second, ...others] = found.works;
  t.match(first, {
    kind: "leaf",
    deadline: NOW + 20 * DAY,
    severity: "warning",
    endpoints: ["soon"],
    stores: [],
    labels: { team: "bpm", zone: "a" },
    finding: { code: "leaf.expiring" },
    later: [],
  });
  t.strictSame(
    first?.links.map((each) => each.client),
    ["one", "two"],
  );
  t.match(second, {
    kind: "intermediate",
    deadline: NOW + 40 * DAY,
    severity: "info",
    endpoints: ["east", "west", "soon"],
    finding: { code: "chain.intermediate-expiring" },
  });
  t.strictSame(second?.labels, { team: "bpm" });
  t.equal(second?.links.length, 4);
  t.strictSame(
    second?.later.map(({ endpoint, before }) => [endpoint, before.at, before.work]),
    [
      ["soon", NOW + 20 * DAY, first?.id],
      ["soon", NOW + 20 * DAY, first?.id],
    ],
    "links that break before for another cause are told",
  );
  t.strictSame(
    others.map(({ kind, endpoints, links, later }) => [
      kind,
      endpoints,
      links.length,
      later.length,
    ]),
    [
      ["leaf", ["east"], 0, 2],
      ["leaf", ["west"], 0, 2],
    ],
  );
  t.strictSame(
    found.links.map(({ breaksAt }) => ((breaksAt ?? 0) - NOW) / DAY),
    [40, 40, 20, 40, 40, 20],
  );
  t.equal(exitCodeOfForecast(found, false), 1);
  const record = forecastRecord(found);
  t.same(FORECAST_SCHEMA.safeParse(record).error?.issues ?? [], []);
  t.match(record.summary, { links: 6, ending: 6, lasting: 0, broken: 0, unknown: 0, works: 4 });
});

t.test("forecast() counts an anchor for the clients that look at its dates", async (t) => {
  const oldRoot = issue("Root", rootKey, 60, { ca: true });
  const leaf = issue("a", leafKey, 300, { issuer: root, san: [hostOf("a")] });
  const found = ahead({
    clients: {
      java: client({ anchors: [oldRoot] }),
      openssl: client({ profile: "openssl-3", anchors: [oldRoot] }),
    },
    endpoints: { a: [[leaf]] },
  });
  t.match(found.works, [
    {
      kind: "anchor",
      deadline: NOW + 60 * DAY,
      endpoints: [],
      stores: [{ truststore: "openssl-trust", path: "/etc/openssl-trust.pem", alias: "ca-0" }],
      links: [{ client: "openssl", endpoint: "a" }],
      finding: { code: "truststore.anchor-expiring" },
    },
    {
      kind: "leaf",
      deadline: NOW + 300 * DAY,
      links: [{ client: "java", endpoint: "a" }],
      later: [{ client: "openssl", endpoint: "a", before: { at: NOW + 60 * DAY } }],
    },
  ]);
});

t.test("forecast() tells a client's own certificate, and its CA, where it was sent", async (t) => {
  const ownCa = issue("Client CA", caKey, 90, { ca: true, issuer: root });
  const own = issue("robot", clientKey, 15, { issuer: ownCa, eku: ["clientAuth"] });
  const leaf = issue("a", leafKey, 300, { issuer: root, san: [hostOf("a")] });
  const found = ahead({
    clients: { robot: client({ own: [own, ownCa, root] }), other: client() },
    endpoints: { a: [[leaf]] },
  });
  t.match(found.works, [
    {
      kind: "client-certificate",
      deadline: NOW + 15 * DAY,
      clients: ["robot"],
      endpoints: [],
      links: [{ client: "robot" }],
      finding: { code: "client-auth.expiring" },
    },
    {
      kind: "client-certificate",
      deadline: NOW + 90 * DAY,
      links: [],
      later: [{ client: "robot" }],
    },
    { kind: "leaf", links: [{ client: "other" }], later: [{ client: "robot" }] },
  ]);
  t.equal(found.works.length, 3, "the root that it sends as well is of no consequence");
});

t.test("forecast() lets the address count that breaks first", async (t) => {
  const found = ahead({
    clients: { one: client() },
    endpoints: {
      a: [
        [leafOf("a", 35), ca],
        [leafOf("a", 10), ca],
      ],
    },
  });
  t.strictSame(
    found.works.map(({ deadline, links, later }) => [
      (deadline - NOW) / DAY,
      links.length,
      later.length,
    ]),
    [
      [10, 1, 0],
      [35, 0, 1],
      [40, 0, 1],
    ],
  );
});

t.test("forecast() keeps apart what is broken, what is unknown and what is far away", async (t) => {
  const stranger = issue("Stranger", caKey, 900, { ca: true });
  const far = issue("far", leafKey, 800, { issuer: root, san: [hostOf("far")] });
  const estate: TestEstate = {
    clients: { one: client(), lost: client({ anchors: [stranger] }) },
    endpoints: { far: [[far]], silent: [] },
  };
  const found = ahead(estate);
  t.strictSame(found.works, []);
  const lines = found.links.map(({ causes: _causes, ...link }) => link);
  t.match(lines, [
    { client: "one", endpoint: "far", state: "works", breaksAt: NOW + 800 * DAY },
    { client: "one", endpoint: "silent", state: "unknown", breaksAt: null },
    {
      client: "lost",
      endpoint: "far",
      state: "broken",
      headline: { code: "truststore.anchor-elsewhere" },
    },
    { client: "lost", endpoint: "silent", state: "unknown" },
  ]);
  t.equal(exitCodeOfForecast(found, false), 2);
  const links = [{ client: "one", endpoint: "silent" }];
  t.equal(exitCodeOfForecast(ahead({ ...estate, links }), false), 3);
  const good = ahead({ ...estate, links: [{ client: "one", endpoint: "far" }] });
  t.equal(exitCodeOfForecast(good, true), 0);
});

t.test(
  "exitCodeOfForecast() goes by the thresholds, and by the days that were asked for",
  async (t) => {
    const codes = (days: number, thresholds?: string): readonly number[] => {
      const leaf = issue("a", leafKey, days, { issuer: root, san: [hostOf("a")] });
      const found = ahead({
        clients: { one: client() },
        endpoints: { a: [[leaf]] },
        ...(thresholds === undefined ? {} : { thresholds }),
      });
      return [exitCodeOfForecast(found, false), exitCodeOfForecast(found, true)];
    };
    t.strictSame(codes(5), [2, 2]);
    t.strictSame(codes(25), [1, 1]);
    t.strictSame(codes(100), [0, 1]);
    t.strictSame(codes(400), [0, 0]);
    // its whole lifetime is 300 days
    t.strictSame(codes(100, "{ warning: 50%, critical: 10% }"), [1, 1]);
  },
);
