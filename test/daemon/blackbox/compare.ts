import { writeFileSync } from "node:fs";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { createServer, type TlsOptions } from "node:tls";
import t, { type Test } from "tap";
import type { IssuedCertificate } from "../../../src/cli/demo/certificate.ts";
import { systemClock } from "../../../src/daemon/clock.ts";
import { BlackboxProbes } from "../../../src/daemon/http/blackbox-probes.ts";
import type { LoadedClient } from "../../../src/daemon/inventory.ts";
import { systemProber } from "../../../src/daemon/system-prober.ts";
import type { Estate } from "../../../src/estate/estate.ts";
import { parseAllowPattern } from "../../../src/estate/http/allow-pattern.ts";
import { loadTruststore } from "../../../src/truststore/load.ts";
import { freePort, startProcess } from "../../lab/process.ts";
import { requireTool } from "../../tools.ts";
import { ask, sampleInventory, startServer } from "../http-fixture.ts";
import { eventually, keyPem, presentCertificate, writeFiles } from "../fixture.ts";

/** Samples by name and labels; times of the probe itself and the exporter's own are left out. */
function samplesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => {
        const at = line.lastIndexOf(" ");
        return [inOrder(line.slice(0, at)), String(Number(line.slice(at + 1)))] as const;
      })
      .filter(([name]) => !/duration|lookup_time|_hash|^anchorwatch_/.test(name)),
  );
}

/** A series with its labels in the order of the alphabet, without the one that only newer exporters have. */
function inOrder(series: string): string {
  const labels = [...series.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)]
    .filter(([, label]) => label !== "serialnumber")
    .map(([pair]) => pair);
  const name = series.split("{", 1)[0] ?? "";
  return labels.length === 0
    ? series
    : `${name}{${labels.toSorted((a, b) => (a < b ? -1 : 1)).join()}}`;
}

async function listening(t: Test, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
}

function tlsServer(
  t: Test,
  [leaf, ...others]: readonly IssuedCertificate[],
  options: TlsOptions = {},
) {
  if (leaf === undefined) throw new Error("A chain needs a leaf");
  const cert = [leaf, ...others].map(({ pem }) => pem).join("");
  const server = createServer({ key: keyPem(leaf), cert, ...options }, (socket) => {
    socket.on("error", () => {});
    socket.end();
  });
  server.on("tlsClientError", () => {});
  return listening(t, server);
}

t.test("/probe gives what blackbox_exporter gives", async (t) => {
  const program = requireTool(t, "blackboxExporter");
  if (program === undefined) return;
  const folder = t.testdir();
  const root = presentCertificate({ name: "Root", ca: true, days: 3650 });
  const other = presentCertificate({ name: "Other", ca: true, days: 3650 });
  const issuing = presentCertificate({ name: "Issuing", issuer: root, ca: true, days: 200 });
  const expired = presentCertificate({ name: "Issuing", issuer: root, ca: true, days: -1 });
  const leafOf = (issuer: IssuedCertificate, days = 100, san = ["127.0.0.1", "bpm.example.com"]) =>
    presentCertificate({ name: 'bpm, "east"', issuer, san, days });
  const leaf = leafOf(issuing);
  const page = (status: number) => {
    const cert = leaf.pem + issuing.pem;
    const server = createHttpsServer({ key: keyPem(leaf), cert }, (_request, response) => {
      response.writeHead(status, { connection: "close" }).end("page");
    });
    return listening(t, server);
  };
  const servers: Readonly<Record<string, number>> = {
    "a whole chain": await tlsServer(t, [leaf, issuing]),
    "TLS 1.2": await tlsServer(t, [leaf, issuing], { maxVersion: "TLSv1.2" }),
    "a chain with its root": await tlsServer(t, [leaf, issuing, root]),
    "a chain with a stray": await tlsServer(t, [leaf, issuing, other]),
    "a leaf of the root": await tlsServer(t, [leafOf(root)]),
    "an expired leaf": await tlsServer(t, [leafOf(issuing, -1), issuing]),
    "an expired intermediate": await tlsServer(t, [leafOf(expired), expired]),
    "no intermediate": await tlsServer(t, [leaf]),
    "an unknown root": await tlsServer(t, [leafOf(other)]),
    "another name": await tlsServer(t, [leafOf(issuing, 100, ["192.0.2.1"]), issuing]),
    "a self-signed certificate": await tlsServer(t, [other]),
    "plain text": await listening(
      t,
      createTcpServer((socket) => socket.end("220 hello\r\n")),
    ),
    nothing: await freePort(),
    "a page": await page(200),
    "no page": await page(404),
  };
  writeFiles(folder, { "root.pem": root.pem });
  const ca = join(folder, "root.pem");
  writeFileSync(
    join(folder, "blackbox.yml"),
    `modules:
  tcp_tls: { prober: tcp, timeout: 5s, tcp: { preferred_ip_protocol: ip4, tls: true, tls_config: { ca_file: ${ca} } } }
  http_2xx: { prober: http, timeout: 5s, http: { preferred_ip_protocol: ip4, tls_config: { ca_file: ${ca} } } }
`,
  );
  const port = await freePort();
  const exporter = startProcess(program, [
    `--config.file=${join(folder, "blackbox.yml")}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  t.teardown(() => exporter.stop());
  await exporter.waitFor(/Listening on/);
  const store = await loadTruststore({ name: "roots", paths: [ca], password: null });
  const client = (name: string): readonly [string, LoadedClient] => [
    name,
    {
      identity: null,
      party: {
        name,
        profile: "go",
        truststores: [{ name: "roots", store }],
        nameCheck: "https",
        ownChain: null,
      },
    },
  ];
  const inventory = {
    ...sampleInventory(),
    estate: { http: { allow: [parseAllowPattern("127.0.0.1:*")] } } as unknown as Estate,
    clients: new Map([client("tcp_tls"), client("http_2xx")]),
  };
  const probes = new BlackboxProbes({
    prober: systemProber,
    clock: systemClock,
    inventory: () => inventory,
  });
  const { server: daemon } = await startServer(t, { sources: { probes } });
  const { url } = daemon;

  let succeeded = 0;
  for (const [what, server] of Object.entries(servers))
    await t.test(`/probe and blackbox_exporter agree about ${what}`, async (t) => {
      const isPage = what.endsWith("page");
      const target = isPage ? `https://127.0.0.1:${server}/` : `127.0.0.1:${server}`;
      const query = new URLSearchParams({ target, module: isPage ? "http_2xx" : "tcp_tls" });
      const theirs = samplesOf(
        await eventually(async () => {
          const answer = await fetch(`http://127.0.0.1:${port}/probe?${query.toString()}`);
          return answer.ok ? answer.text() : undefined;
        }),
      );
      const answer = await ask(url, `/probe?${query.toString()}`, {
        headers: { "x-prometheus-scrape-timeout-seconds": "5" },
      });
      t.equal(answer.status, 200);
      t.equal(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
      const ours = samplesOf(answer.body);
      t.equal(ours.get("probe_success"), theirs.get("probe_success"));
      const shared = [...theirs].filter(([name]) =>
        /^probe_(?:ssl|tls|ip_protocol|http_s)/.test(name),
      );
      for (const [name, value] of shared)
        if (isExplained(name, value, theirs)) continue;
        else t.equal(ours.get(name), value, name);
      if (theirs.get("probe_success") === "1") succeeded++;
      if (theirs.get("probe_success") === "1")
        t.ok(shared.length >= 4, "the exporter says something about TLS");
    });
  t.equal(succeeded, 6, "the others are broken on purpose");
});

/** What differs on purpose: no sample where there is no value, and no size of an empty answer. */
function isExplained(name: string, value: string, theirs: ReadonlyMap<string, string>): boolean {
  if (name === "probe_http_status_code" || name === "probe_http_ssl")
    return theirs.get("probe_http_status_code") === "0" || value === "0";
  return name === "probe_ssl_last_chain_expiry_timestamp_seconds" && Number(value) < 0;
}
