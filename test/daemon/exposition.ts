import { DIRECT } from "../../src/probe/routes/route.ts";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import t from "tap";
import type { EstateEndpoint } from "../../src/estate/estate.ts";
import { addressStates } from "../../src/daemon/endpoint-state.ts";
import { estateFamilies, exposition } from "../../src/daemon/exposition.ts";
import type { Inventory } from "../../src/daemon/inventory.ts";
import { METRICS } from "../../src/daemon/metric-catalogue.ts";
import { OwnMetrics } from "../../src/daemon/own-metrics.ts";
import { State } from "../../src/daemon/state.ts";
import type { TruststoreSummary } from "../../src/daemon/truststore-summary.ts";
import { requireTool } from "../tools.ts";
import { NOW } from "./fake-clock.ts";
import { certificate, handshake, link, observation, refused, untroubled } from "./samples.ts";

const GOLDEN = new URL("metrics-catalogue.txt", import.meta.url);

const catalogue = (): string =>
  Object.values(METRICS)
    .map(({ name, type, labels, help }) => `${name} ${type} {${labels.join(",")}} ${help}\n`)
    .join("");

void t.test("METRICS are the catalogue that dashboards and rules rest on", async (t) => {
  if (process.env["UPDATE_GOLDEN"] === "true") writeFileSync(GOLDEN, catalogue());
  t.equal(catalogue(), readFileSync(GOLDEN, "utf8"), "a change is made with UPDATE_GOLDEN=true");
});

void t.test("METRICS are the ones that the user guide explains", async (t) => {
  const guide = readFileSync(new URL("../../docs/metrics.md", import.meta.url), "utf8");
  const rows = [...guide.matchAll(/^\| `(anchorwatch_\w+)` +\| (\w+) +\| ([^|]*?) *\|/gm)];
  t.same(
    rows.map(([, name, type, labels]) => [name, type, labels]),
    Object.values(METRICS).map(({ name, type, labels }) => [name, type, labels.join(", ")]),
  );
});

const endpoint = (name: string, labels: Readonly<Record<string, string>> = {}): EstateEndpoint => ({
  name,
  url: "https://bpm.example.com:9443",
  system: null,
  target: { scheme: "https", host: "bpm.example.com", port: 9443 },
  serverName: null,
  connect: null,
  labels,
  every: 60_000,
  quiet: [{ kind: "once", from: 0, until: 1 }],
  timeout: 1000,
  phaseTimeout: null,
  route: { ...DIRECT, proxy: null },
  request: null,
  expect: { clientAuth: null },
});

const finding = (code: "leaf.expiring" | "name.mismatch", severity: "critical" | "warning") =>
  ({
    code,
    severity,
    summary: "",
    evidence: { certificates: [], truststore: null, alias: null, time: null },
    remedy: [],
    clientMessage: null,
  }) as const;

/** A state with a link that works, one that does not, one not judged yet, and an endpoint with two addresses. */
const sampleState = () => {
  const root = certificate({ name: 'Root "A"\\B\nC', ca: true, days: 1000 });
  const leaf = certificate({ name: "bpm", issuer: root, days: 10 });
  const state = new State(new Map());
  const names = ["bpm-east", "bpm-west"];
  const inventory = {
    estate: {
      clients: [{ name: "pfs", profile: "openjdk-17" }],
      links: [
        { client: "pfs", endpoint: "bpm-east" },
        { client: "pfs", endpoint: "bpm-west" },
      ],
    },
    endpoints: new Map(
      names.map((name) => [
        name,
        {
          endpoint: endpoint(name, name === "bpm-east" ? { zone: "edge", team: "pki" } : {}),
          clients: [],
          identities: [null],
        },
      ]),
    ),
  } as unknown as Inventory;
  state.adopt(inventory);
  state.observed(
    "bpm-east",
    observation(
      NOW,
      handshake({ certificates: [leaf.der, root.der, Uint8Array.of(1, 2, 3)] }),
      refused({ address: "192.0.2.2" }),
    ),
  );
  state.put(
    link({
      ok: true,
      state: "warning",
      nameMatch: null,
      breaksAt: NOW + 1500,
      findings: [finding("leaf.expiring", "warning"), finding("leaf.expiring", "warning")],
    }),
  );
  return state;
};

const STORES: readonly TruststoreSummary[] = [
  { name: "pfs-trust", paths: [], clients: [], anchors: 3, earliestExpiry: NOW, error: null },
  {
    name: "gone",
    paths: [],
    clients: [],
    anchors: null,
    earliestExpiry: null,
    error: {
      code: "not-found",
      message: "",
      path: null,
      format: null,
      offset: null,
      line: null,
      javaMessage: null,
      remedy: [],
    },
  },
];

const text = (state: State): string => [...exposition(estateFamilies(state, STORES))].join("");

const samplesOf = (exposed: string, name: string): readonly string[] =>
  exposed
    .split("\n")
    .filter(
      (line) => line.startsWith(`anchorwatch_${name}{`) || line.startsWith(`anchorwatch_${name} `),
    );

void t.test(
  "estateFamilies() has a sample where there is a value, and none elsewhere",
  async (t) => {
    const exposed = text(sampleState());
    const of = (name: string) => samplesOf(exposed, name);
    const LINK = 'client="pfs",endpoint="bpm-east"';
    t.same(of("link_ok"), [`anchorwatch_link_ok{${LINK}} 1`], "the pending link has none");
    t.same(of("link_trusted"), [`anchorwatch_link_trusted{${LINK}} 1`]);
    t.same(of("link_name_match"), [], "the name was not checked");
    t.same(of("link_breaks_timestamp_seconds"), [
      `anchorwatch_link_breaks_timestamp_seconds{${LINK}} ${NOW / 1000 + 1.5}`,
    ]);
    t.same(of("link_findings"), [
      `anchorwatch_link_findings{${LINK},severity="critical"} 0`,
      `anchorwatch_link_findings{${LINK},severity="warning"} 2`,
      `anchorwatch_link_findings{${LINK},severity="info"} 0`,
    ]);
    t.same(of("finding_info"), [
      `anchorwatch_finding_info{${LINK},code="leaf.expiring",severity="warning"} 1`,
    ]);
    t.same(of("endpoint_label_info"), [
      'anchorwatch_endpoint_label_info{endpoint="bpm-east",label="zone",value="edge"} 1',
      'anchorwatch_endpoint_label_info{endpoint="bpm-east",label="team",value="pki"} 1',
      'anchorwatch_endpoint_label_info{endpoint="bpm-west",label="",value=""} 1',
    ]);
    t.same(of("endpoint_up"), [
      'anchorwatch_endpoint_up{endpoint="bpm-east",address="192.0.2.1"} 1',
      'anchorwatch_endpoint_up{endpoint="bpm-east",address="192.0.2.2"} 0',
    ]);
    t.same(of("endpoint_failure_info"), [
      'anchorwatch_endpoint_failure_info{endpoint="bpm-east",address="192.0.2.2",reason="connect-refused"} 1',
    ]);
    t.same(of("endpoint_tls_info"), [
      'anchorwatch_endpoint_tls_info{endpoint="bpm-east",address="192.0.2.1",version="TLSv1.3",cipher_suite="TLS_AES_128_GCM_SHA256",group="x25519"} 1',
    ]);
    t.equal(of("endpoint_last_probe_timestamp_seconds").length, 2);
    t.equal(of("endpoint_certificate_not_after_timestamp_seconds").length, 2, "one is unreadable");
    t.equal(of("endpoint_certificate_not_before_timestamp_seconds").length, 2);
    t.equal(of("endpoint_certificate_info").length, 3);
    t.same(of("truststore_loaded"), [
      'anchorwatch_truststore_loaded{truststore="pfs-trust"} 1',
      'anchorwatch_truststore_loaded{truststore="gone"} 0',
    ]);
    t.same(of("truststore_anchors"), ['anchorwatch_truststore_anchors{truststore="pfs-trust"} 3']);
    t.same(of("truststore_earliest_expiry_timestamp_seconds"), [
      `anchorwatch_truststore_earliest_expiry_timestamp_seconds{truststore="pfs-trust"} ${NOW / 1000}`,
    ]);
  },
);

void t.test("estateFamilies() escapes what certificates say", async (t) => {
  const [, root = ""] = samplesOf(text(sampleState()), "endpoint_certificate_info");
  const [, escaped = ""] = /subject="((?:[^"\\]|\\.)*)"/.exec(root) ?? [];
  const plain = escaped.replace(/\\(.)/g, (_, letter: string) => (letter === "n" ? "\n" : letter));
  t.equal(plain, 'CN="Root \\"A\\"\\\\B\nC"', "as Java writes the name");
  t.match(root, /\} 1$/);
});

void t.test("exposition() bounds its parts and leaves out what is no number", async (t) => {
  const family = { name: "x", type: "gauge", labels: ["a"], help: "X" } as const;
  const samples = Array.from({ length: 80_000 }, (_, value) => ({
    labels: [`${value}\ud800`],
    value,
  }));
  const parts = [
    ...exposition([{ family, samples: [{ labels: ["nan"], value: Number.NaN }, ...samples] }]),
  ];
  t.ok(parts.length > 3 && parts.every((part) => part.length < 300_000));
  const lines = parts.join("").trimEnd().split("\n");
  t.equal(lines.length, 80_002);
  t.same(lines.slice(0, 3), ["# HELP x X", "# TYPE x gauge", 'x{a="0\ufffd"} 0']);
  t.same([...exposition([{ family, samples: [] }])], [], "no samples, no family");
});

void t.test(
  "addressStates() lets the handshake that got furthest stand for an address",
  async (t) => {
    const states = addressStates(
      observation(
        NOW,
        refused({ address: "a", stage: "certificate" }),
        refused({ address: "a", stage: "finished" }),
        handshake({ address: "b" }),
        refused({ address: "b", stage: "complete" }),
      ),
    );
    t.same(
      states.map(({ address, handshake: { outcome, stage } }) => [address, outcome, stage]),
      [
        ["a", "failed", "finished"],
        ["b", "complete", "complete"],
      ],
    );
  },
);

const ownMetrics = (): OwnMetrics => {
  const metrics = new OwnMetrics({
    scheduler: () => ({ due: 2, lag: 1.5 }),
    inFlight: () => 3,
    alerts: () => [],
    self: untroubled,
  });
  metrics.counts.notified("chat", "delivered");
  return metrics;
};

void t.test("OwnMetrics count handshakes and the phases that they reached", async (t) => {
  const metrics = ownMetrics();
  metrics.count(handshake());
  metrics.count(refused());
  const exposed = await metrics.text();
  t.same(samplesOf(exposed, "probes_total"), [
    'anchorwatch_probes_total{outcome="complete"} 1',
    'anchorwatch_probes_total{outcome="failed"} 1',
  ]);
  t.same(samplesOf(exposed, "handshake_duration_seconds_count"), [
    'anchorwatch_handshake_duration_seconds_count{phase="dns"} 2',
    'anchorwatch_handshake_duration_seconds_count{phase="connect"} 1',
    'anchorwatch_handshake_duration_seconds_count{phase="hello"} 1',
    'anchorwatch_handshake_duration_seconds_count{phase="complete"} 1',
  ]);
  t.same(samplesOf(exposed, "scheduler_lag_seconds"), ["anchorwatch_scheduler_lag_seconds 1.5"]);
  t.same(samplesOf(exposed, "scheduler_in_flight"), ["anchorwatch_scheduler_in_flight 3"]);
  t.same(samplesOf(exposed, "scheduler_due"), ["anchorwatch_scheduler_due 2"]);
  t.match(samplesOf(exposed, "build_info")[0], `node="${process.versions.node}"`);
});

void t.test(
  "everything exposed has the type, the help and the labels of the catalogue",
  async (t) => {
    const own = ownMetrics();
    own.count(handshake());
    const exposed = text(sampleState()) + (await own.text());
    const types = new Map<string, string>();
    for (const [, name = "", type = ""] of exposed.matchAll(/^# TYPE (\S+) (\S+)$/gm))
      types.set(name, type);
    const absent = Object.values(METRICS).filter(({ name, type }) => types.get(name) !== type);
    t.same(
      absent.map(({ name }) => name),
      ["anchorwatch_link_name_match"],
      "it has no value here",
    );
    t.equal(types.size + 1, Object.values(METRICS).length, "and there is nothing else");
    const known = new Map<string, string>(
      Object.values(METRICS).map(({ name, labels }) => [name, labels.join()]),
    );
    for (const [, name = "", labels = ""] of exposed.matchAll(
      /^(anchorwatch_\w+?)(?:\{(.*)\})? \S+$/gm,
    )) {
      const base = name.replace(/_(bucket|sum|count)$/, "");
      const names = [...labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)].map(([, label]) => label);
      t.equal(names.filter((label) => label !== "le").join(), known.get(base), name);
    }
  },
);

void t.test("promtool finds nothing wrong with the exposition", async (t) => {
  const promtool = requireTool(t, "promtool");
  if (promtool === undefined) return;
  const input = text(sampleState()) + (await ownMetrics().text());
  const { status, stdout, stderr } = spawnSync(promtool, ["check", "metrics"], {
    input,
    encoding: "utf8",
  });
  t.equal(status, 0, `${stdout}${stderr}`);
  t.equal(`${stdout}${stderr}`, "");
});

void t.test("the library for own metrics writes the same format", async (t) => {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({ name: "g", help: "G", labelNames: ["a"], registers }).set({ a: 'q"\\\n' }, 1.5);
  new Counter({ name: "c", help: "C", registers });
  new Histogram({ name: "h", help: "H", buckets: [1], registers });
  const family = { name: "g", type: "gauge", labels: ["a"], help: "G" } as const;
  const own = [...exposition([{ family, samples: [{ labels: ['q"\\\n'], value: 1.5 }] }])].join("");
  t.ok((await registry.metrics()).startsWith(own.trimEnd()), own);
});
