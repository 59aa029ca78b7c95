import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { Estate, EstateProblem } from "../../src/estate/estate.ts";
import { loadEstate, parseEstate } from "../../src/estate/load-estate.ts";
import { DIRECT } from "../../src/probe/routes/route.ts";
import type { Result } from "../../src/x509/result.ts";

const FULL = `
version: 1
truststores:
  pfs-trust: { path: pfs/trust.p12, password: { file: pfs/trust.password } }
  corp-roots: { path: [corp/root-g1.pem, /etc/corp/root-g2.pem] }
  gw-trust: { path: gw.jks, password: { env: GW_TRUST_PW } }
clients:
  pfs: { profile: openjdk-17, trust: [pfs-trust, corp-roots, pfs-trust], nameCheck: ldaps }
  api-gateway:
    profile: openssl-3
    trust: gw-trust
    identity: { cert: gw/client.pem, key: gw/client.key, password: { stash: gw/client.sth } }
endpoints:
  bpm-east:
    url: "https://bpm-east.example.com:9443"
    connect: "127.0.0.1:41234"
    serverName: bpm.example.com
    labels: { team: bpm }
    every: 1m
    timeout: 3s
    expect: { clientAuth: required }
  bpm-west: { url: "ldaps://[::1]" }
links:
  - { from: pfs, to: [bpm-east, bpm-west] }
  - { from: api-gateway, to: bpm-west }
schedule: { every: 10m, timeout: 20s, concurrency: 8, perHost: 1 }
thresholds: { warning: 33%, critical: 7d }
history: { path: data/anchorwatch.db, keep: 30d }
http: { listen: "[::1]:0" }
`;

const value = (result: Result<Estate, readonly EstateProblem[]>): Estate => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

void t.test(
  "parseEstate() takes the start of a client as a time or as a file with a number",
  async (t) => {
    const started = (text: string) =>
      value(
        parseEstate(
          "/opt/e.yaml",
          `version: 1
truststores: { s: { path: s.pem } }
clients: { pfs: { profile: openjdk-17, trust: s${text} } }
`,
        ),
      ).clients[0]?.started;
    t.equal(started(""), null);
    t.same(started(", started: 2027-01-31T06:00:00+01:00"), {
      kind: "time",
      time: Date.UTC(2027, 0, 31, 5),
    });
    t.same(started(", started: { pidFile: run/pfs.pid }"), {
      kind: "pid-file",
      path: "/opt/run/pfs.pid",
    });
  },
);

void t.test("loadEstate() makes paths absolute from the folder of the file", async (t) => {
  const folder = t.testdir();
  writeFileSync(join(folder, "anchorwatch.yaml"), `\uFEFF${FULL}`);
  const estate = value(await loadEstate(join(folder, "anchorwatch.yaml")));
  t.equal(estate.file, join(folder, "anchorwatch.yaml"));
  t.same(estate.truststores, [
    {
      name: "pfs-trust",
      paths: [join(folder, "pfs/trust.p12")],
      password: { kind: "file", path: join(folder, "pfs/trust.password") },
    },
    {
      name: "corp-roots",
      paths: [join(folder, "corp/root-g1.pem"), "/etc/corp/root-g2.pem"],
      password: null,
    },
    {
      name: "gw-trust",
      paths: [join(folder, "gw.jks")],
      password: { kind: "env", name: "GW_TRUST_PW" },
    },
  ]);
  t.same(estate.clients, [
    {
      name: "pfs",
      profile: "openjdk-17",
      system: null,
      truststores: ["pfs-trust", "corp-roots"],
      nameCheck: "ldaps",
      identity: null,
      started: null,
    },
    {
      name: "api-gateway",
      profile: "openssl-3",
      system: null,
      truststores: ["gw-trust"],
      nameCheck: "https",
      identity: {
        kind: "pem",
        certificate: join(folder, "gw/client.pem"),
        key: join(folder, "gw/client.key"),
        password: { kind: "stash", path: join(folder, "gw/client.sth") },
        keyManager: null,
      },
      started: null,
    },
  ]);
  t.same(estate.history, { path: join(folder, "data/anchorwatch.db"), keep: 30 * 86_400_000 });
});

void t.test("parseEstate() reads endpoints, links and limits", async (t) => {
  const estate = value(parseEstate("anchorwatch.yaml", FULL));
  t.same(estate.endpoints, [
    {
      name: "bpm-east",
      url: "https://bpm-east.example.com:9443",
      system: null,
      target: { scheme: "https", host: "bpm-east.example.com", port: 9443 },
      serverName: "bpm.example.com",
      connect: { host: "127.0.0.1", port: 41_234 },
      labels: { team: "bpm" },
      every: 60_000,
      jitter: 0.05,
      timeout: 3000,
      pace: 0,
      quiet: [],
      phaseTimeout: null,
      route: { ...DIRECT, proxy: null },
      request: null,
      expect: { clientAuth: "required" },
    },
    {
      name: "bpm-west",
      url: "ldaps://[::1]",
      system: null,
      target: { scheme: "ldaps", host: "::1", port: 636 },
      serverName: null,
      connect: null,
      labels: {},
      every: 600_000,
      jitter: 0.05,
      timeout: 20_000,
      pace: 0,
      quiet: [],
      phaseTimeout: null,
      route: { ...DIRECT, proxy: null },
      request: null,
      expect: { clientAuth: null },
    },
  ]);
  t.same(estate.links, [
    { client: "pfs", endpoint: "bpm-east" },
    { client: "pfs", endpoint: "bpm-west" },
    { client: "api-gateway", endpoint: "bpm-west" },
  ]);
  t.same(estate.schedule, { concurrency: 8, perHost: 1 });
  t.same(estate.thresholds, {
    warning: { kind: "share", share: 0.33 },
    critical: { kind: "duration", milliseconds: 7 * 86_400_000 },
  });
  t.same(estate.http, {
    host: "::1",
    port: 0,
    tls: null,
    unencrypted: false,
    tokens: [],
    clientAuth: null,
    hosts: [],
    allow: [],
  });
  t.same(estate.notices, []);
});

void t.test("parseEstate() gives each endpoint its pace and its times of quiet", async (t) => {
  const { endpoints } = value(
    parseEstate(
      "anchorwatch.yaml",
      `version: 1
schedule:
  jitter: 10%
  pace: 1s
  quiet:
    - { weekly: "daily 01:00-02:00", endpoints: [bpm-*], timeZone: Europe/Berlin }
    - { from: "2027-01-01T00:00:00Z", until: "2027-01-02T00:00:00Z", labels: { site: east } }
endpoints:
  bpm-east: { url: "https://a.example", jitter: 0%, pace: 0s, labels: { site: east } }
  im: { url: "https://b.example", quiet: [{ weekly: "Sun 10:00-12:00" }] }
`,
    ),
  );
  const [east, im] = endpoints;
  t.match(east, { jitter: 0, pace: 0 });
  t.match(east?.quiet, [
    { kind: "weekly", from: 60, until: 120, timeZone: "Europe/Berlin" },
    { kind: "once", from: Date.UTC(2027, 0, 1), until: Date.UTC(2027, 0, 2) },
  ]);
  t.match(im, { jitter: 0.1, pace: 1000 });
  t.same(im?.quiet, [{ kind: "weekly", days: [0], from: 600, until: 720, timeZone: "UTC" }]);
  const wrong = parseEstate(
    "e.yaml",
    'version: 1\nschedule: { jitter: 60%, quiet: [{ weekly: "Sun 10:00-12:00", until: "2027-01-01T00:00:00Z" }] }\n',
  );
  t.same(wrong.ok ? [] : wrong.error.map(({ path, message }) => `${path}: ${message}`), [
    'schedule.jitter: Expected a share from 0% to 50%, such as 5%, found "60%"',
    "schedule.quiet[0]: Expected either weekly, or from and an until that is later, found a mapping",
  ]);
});

void t.test("parseEstate() fills in what is not given", async (t) => {
  const estate = value(parseEstate("/srv/estate.yaml", "version: 1"));
  t.match(estate, {
    endpoints: [],
    links: [],
    schedule: { concurrency: 64, perHost: 2 },
    thresholds: {
      warning: { kind: "duration", milliseconds: 30 * 86_400_000 },
      critical: { kind: "duration", milliseconds: 7 * 86_400_000 },
    },
    history: { path: "/srv/anchorwatch.db", keep: 400 * 86_400_000 },
    http: {
      host: "127.0.0.1",
      port: 9643,
      tls: null,
      unencrypted: false,
      tokens: [],
      clientAuth: null,
      hosts: [],
      allow: [],
    },
  });
});

void t.test("parseEstate() tells what is stated twice", async (t) => {
  const text = `version: 1
truststores: { s: { path: s.pem } }
clients: { c: { profile: openjdk-17, trust: s } }
endpoints: { e: { url: "https://h" } }
links:
  - { from: c, to: e }
  - { from: c, to: [e] }
`;
  const estate = value(parseEstate("estate.yaml", text));
  t.same(estate.links, [{ client: "c", endpoint: "e" }]);
  t.same(
    estate.notices.map(({ line, column, path, message }) => [line, column, path, message]),
    [[7, 21, "links[1].to[0]", "Link from c to e is stated more than once"]],
  );
});

void t.test("parseEstate() reads keystores of clients", async (t) => {
  const estate = value(
    parseEstate(
      "/etc/estate/e.yaml",
      `
version: 1
truststores: { t: { path: t.p12 } }
clients:
  xpress:
    profile: openjdk-17
    trust: t
    identity:
      keystore: client.jks
      password: { env: STORE_PW }
      keyPassword: { env: KEY_PW }
      alias: eta_client
      keyManager: NewSunX509
`,
    ),
  );
  t.same(estate.clients[0]?.identity, {
    kind: "keystore",
    path: "/etc/estate/client.jks",
    password: { kind: "env", name: "STORE_PW" },
    keyPassword: { kind: "env", name: "KEY_PW" },
    alias: "eta_client",
    keyManager: "NewSunX509",
  });
});

void t.test("parseEstate() takes ways from endpoints, else from their zones", async (t) => {
  const estate = value(
    parseEstate(
      "/etc/estate/e.yaml",
      `
version: 1
zones:
  dmz:
    proxy:
      url: https://probe@proxy.example.com:3129
      password: { env: PROXY_PW }
      truststore: proxy-ca.pem
    resolvers: [192.0.2.53, "[2001:db8::53]:5353"]
    source: 192.0.2.10
endpoints:
  inside: { url: "https://inside.example.com" }
  outside: { url: "https://outside.example.com", zone: dmz, phaseTimeout: 2s }
  other:
    url: ldaps://other.example.com
    zone: dmz
    proxy: socks5h://socks.example.com
    source: 192.0.2.11
    proxyProtocol: v2
    addresses: one
`,
    ),
  );
  const [inside, outside, other] = estate.endpoints;
  t.same(inside?.route, { ...DIRECT, proxy: null });
  t.match(outside, {
    phaseTimeout: 2000,
    route: {
      proxy: {
        kind: "https",
        host: "proxy.example.com",
        port: 3129,
        username: "probe",
        password: { kind: "env", name: "PROXY_PW" },
        truststore: ["/etc/estate/proxy-ca.pem"],
      },
      resolvers: ["192.0.2.53", "[2001:db8::53]:5353"],
      source: "192.0.2.10",
      proxyProtocol: null,
      addresses: "all",
    },
  });
  t.match(other?.route, {
    proxy: { kind: "socks5h", host: "socks.example.com", port: 1080, username: null },
    resolvers: ["192.0.2.53", "[2001:db8::53]:5353"],
    source: "192.0.2.11",
    proxyProtocol: "v2",
    addresses: "one",
  });
});

void t.test("parseEstate() reads where the name of an endpoint has to lead", async (t) => {
  const estateWith = (addresses: string): string =>
    `version: 1\nendpoints:\n  bpm: { url: "https://bpm", expect: { addresses: ${addresses} } }\n`;
  const read = value(parseEstate("anchorwatch.yaml", estateWith('[10.20.0.0/16, "fd00::/8"]')));
  t.same(read.endpoints[0]?.expect, { clientAuth: null, addresses: ["10.20.0.0/16", "fd00::/8"] });
  for (const wrong of ["[10.0.0.0/33]", "[bpm]", "[]", "10.0.0.0/8"])
    t.equal(parseEstate("anchorwatch.yaml", estateWith(wrong)).ok, false, wrong);
});
