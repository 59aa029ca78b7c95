import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import t, { type Test } from "tap";
import { eventually, writeFiles } from "../daemon/fixture.ts";
import { freePort, startProcess } from "../lab/process.ts";
import { requireTool } from "../tools.ts";
import { bearer, startWatched, TOKEN_LINES, TOKENS } from "./watched.ts";

interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** What stands before a daemon for those who are to see the text format alone; resolves to its `HOST:PORT`. */
const textOnly = async (t: Test, url: string): Promise<string> => {
  const server = createServer((request, response) => {
    const { authorization = "" } = request.headers;
    const headers = { accept: "text/plain", authorization };
    get(new URL(request.url ?? "", url), { headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    }).on("error", () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};

t.test(
  "/metrics and /probe are taken by Prometheus as configured for blackbox_exporter",
  async (t) => {
    const program = requireTool(t, "prometheus");
    if (program === undefined) return;
    const { daemon, ports, folder } = await startWatched(t, {
      http: `${TOKEN_LINES}\n  allow: ["localhost:1"]`,
    });
    const { host } = new URL(daemon.url);
    const plain = await textOnly(t, daemon.url);
    const scrape = (name: string, target: string): string => `
  - job_name: ${name}
    authorization: { credentials: ${TOKENS.read} }
    static_configs: [{ targets: ["${target}"] }]`;
    writeFiles(folder, {
      "prometheus.yml": `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs:${scrape("text", plain)}${scrape("openmetrics", host)}
  - job_name: blackbox
    metrics_path: /probe
    params: { module: [pfs] }
    authorization: { credentials: ${TOKENS.read} }
    static_configs:
      - targets: ["https://localhost:${ports[0]}", "localhost:${ports[1]}", "localhost:1", "elsewhere.example.com:443"]
    relabel_configs:
      - { source_labels: [__address__], target_label: __param_target }
      - { source_labels: [__param_target], target_label: instance }
      - { target_label: __address__, replacement: "${host}" }
`,
      "rules.yml": `groups:
  - name: blackbox
    rules:
      - { alert: ProbeFailed, expr: probe_success == 0 }
      - { alert: CertificateEnds, expr: probe_ssl_earliest_cert_expiry - time() < 30 * 86400 }
`,
    });
    const port = await freePort();
    const data = mkdtempSync(join(tmpdir(), "anchorwatch-prometheus-"));
    const prometheus = startProcess(program, [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    t.teardown(async () => {
      await prometheus.stop();
      rmSync(data, { recursive: true, force: true });
    });
    const query = async (expression: string): Promise<readonly Result[]> => {
      const at = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`;
      const answer = await fetch(at).catch(() => null);
      if (answer?.ok !== true) return [];
      return ((await answer.json()) as { data: { result: readonly Result[] } }).data.result;
    };
    const values = async (expression: string, label: string) =>
      Object.fromEntries(
        (await query(expression)).map(({ metric, value }) => [metric[label] ?? "", value[1]]),
      );
    await eventually(async () => ((await query("up")).length === 6 ? true : undefined));
    const instances = {
      [`https://localhost:${ports[0]}`]: "1",
      [`localhost:${ports[1]}`]: "1",
      "localhost:1": "1",
      "elsewhere.example.com:443": "0",
    };
    t.same(await values('up{job="blackbox"}', "instance"), instances);
    t.same(await values("probe_success", "instance"), {
      [`https://localhost:${ports[0]}`]: "1",
      [`localhost:${ports[1]}`]: "0",
      "localhost:1": "0",
    });
    t.same(await values('up{job!="blackbox"}', "job"), { text: "1", openmetrics: "1" });
    for (const metric of [
      'anchorwatch_link_ok{client="pfs",endpoint="bpm-east"}',
      "anchorwatch_build_info",
      'anchorwatch_handshake_duration_seconds_bucket{phase="hello",le="+Inf"} > bool 0',
      'anchorwatch_probes_total{outcome="complete"} > bool 0',
      'anchorwatch_endpoint_certificate_info{endpoint="bpm-east"}',
    ])
      t.same(await values(metric, "job"), { text: "1", openmetrics: "1" }, metric);
    await eventually(async () => {
      const alerts = await query('ALERTS{alertstate="firing"}');
      const told = alerts.map(({ metric }) => `${metric["alertname"]} ${metric["instance"]}`);
      return told.includes(`CertificateEnds localhost:${ports[1]}`) &&
        told.includes("ProbeFailed localhost:1")
        ? true
        : undefined;
    });
    const metadata = await fetch(
      `http://127.0.0.1:${port}/api/v1/targets/metadata?metric=anchorwatch_build`,
    );
    t.match(await metadata.json(), { data: [{ type: "info", target: { job: "openmetrics" } }] });
  },
);

/** An answer as it comes, not unpacked. */
const raw = (url: string, headers: Readonly<Record<string, string>>) =>
  new Promise<{ readonly headers: Readonly<Record<string, unknown>>; readonly body: Buffer }>(
    (resolve, reject) => {
      get(url, { headers, agent: false }, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () =>
          resolve({ headers: response.headers, body: Buffer.concat(parts) }),
        );
      }).on("error", reject);
    },
  );

t.test("/metrics comes in the format and the packing that was asked for", async (t) => {
  const { daemon } = await startWatched(t);
  const TEXT = "text/plain; version=0.0.4; charset=utf-8";
  const OPEN = "application/openmetrics-text; version=1.0.0; charset=utf-8";
  for (const [accept, type] of [
    [undefined, TEXT],
    ["*/*", TEXT],
    ["text/plain", TEXT],
    ["application/openmetrics-text", OPEN],
    ["application/openmetrics-text; version=1.0.0; charset=utf-8", OPEN],
    ["application/openmetrics-text;version=0.0.1", TEXT],
    ["application/openmetrics-text;q=0", TEXT],
    ["application/openmetrics-text;q=0.3,text/plain;q=0.7", TEXT],
    [
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
      OPEN,
    ],
    [`${"x,".repeat(5000)}application/openmetrics-text`, TEXT],
  ] as const)
    for (const [encoding, packed] of [
      ["gzip", true],
      ["deflate, gzip;q=1.0, *;q=0.5", true],
      ["*", true],
      ["gzip;q=0, *", false],
      ["identity", false],
    ] as const) {
      const answer = await raw(`${daemon.url}metrics`, {
        "accept-encoding": encoding,
        ...(accept === undefined ? {} : { accept }),
      });
      t.equal(answer.headers["content-type"], type, `${accept?.slice(0, 60)}`);
      t.equal(answer.headers["content-encoding"], packed ? "gzip" : undefined, encoding);
      t.match(answer.headers["vary"], /Accept, Accept-Encoding/);
      const text = (packed ? gunzipSync(answer.body) : answer.body).toString();
      t.match(text, /^# HELP anchorwatch_link_ok /);
      t.equal(text.endsWith("\n# EOF\n"), type === OPEN);
      if (type === OPEN) {
        t.match(text, /^# TYPE anchorwatch_probes counter\nanchorwatch_probes_total\{/m);
        t.match(text, /^# TYPE anchorwatch_build info\nanchorwatch_build_info\{/m);
        t.match(text, /_bucket\{phase="hello",le="1\.0"\}/);
        t.match(text, /^# UNIT anchorwatch_handshake_duration_seconds seconds$/m);
      }
    }
  const promtool = requireTool(t, "promtool");
  if (promtool === undefined) return;
  const { body } = await raw(`${daemon.url}metrics`, {});
  const checked = spawnSync(promtool, ["check", "metrics"], { input: body, encoding: "utf8" });
  t.equal(checked.status, 0, checked.stderr);
  t.equal((await fetch(`${daemon.url}metrics`, { headers: bearer("read") })).status, 200);
});
