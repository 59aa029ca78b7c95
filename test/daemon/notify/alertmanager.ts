import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import t, { type Test } from "tap";
import type { IssuedCertificate } from "../../../src/cli/demo/certificate.ts";
import { runDaemon } from "../../../src/daemon/daemon.ts";
import { freePort, startProcess } from "../../lab/process.ts";
import { requireTool } from "../../tools.ts";
import { eventually, keyPem, presentCertificate, writeFiles } from "../fixture.ts";
import { silent } from "../samples.ts";

/** An alert as Alertmanager tells it. */
interface KnownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly status: { readonly state: string };
}

const LINKS = 40;

/** What Alertmanager passes on, as `status` and links. */
async function startPager(t: Test) {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      const { alerts } = JSON.parse(body) as {
        readonly alerts: readonly {
          readonly status: string;
          readonly annotations: Readonly<Record<string, string>>;
        }[];
      };
      for (const { status, annotations } of alerts) calls.push(`${status} ${annotations["links"]}`);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  return { calls, port: (server.address() as AddressInfo).port };
}

async function accepts(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(undefined));
  });
}

/** A server whose chain can be replaced while it runs. */
async function startSwitching(t: Test, first: readonly IssuedCertificate[]) {
  const contextOf = (chain: readonly IssuedCertificate[]) => {
    const [leaf] = chain;
    if (leaf === undefined) throw new Error("A chain needs a leaf");
    return { key: keyPem(leaf), cert: chain.map(({ pem }) => pem).join("") };
  };
  const server = createTlsServer(contextOf(first), (socket) => {
    socket.on("error", () => {});
    socket.end();
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  return {
    port: (server.address() as AddressInfo).port,
    serve: (chain: readonly IssuedCertificate[]) => server.setSecureContext(contextOf(chain)),
  };
}

t.test(
  "Alertmanager gets one alert for forty links, not again after a restart, and its end",
  async (t) => {
    const program = requireTool(t, "alertmanager");
    if (program === undefined) return;
    const folder = t.testdir();
    const root = presentCertificate({ name: "Root", ca: true, days: 3650 });
    const expired = presentCertificate({ name: "Issuing", issuer: root, ca: true, days: -1 });
    const leaf = presentCertificate({ name: "localhost", issuer: expired, san: ["localhost"] });
    const renewed = presentCertificate({ name: "Issuing", issuer: root, ca: true });
    const fresh = presentCertificate({ name: "localhost", issuer: renewed, san: ["localhost"] });
    const server = await startSwitching(t, [leaf, expired]);
    const pager = await startPager(t);
    const port = await freePort();
    const endpoints = Array.from({ length: LINKS }, (_, index) => `e${index}`);
    writeFiles(folder, {
      "root.pem": root.pem,
      "alertmanager.yml": `route: { receiver: page, group_by: ["..."], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - { name: page, webhook_configs: [{ url: "http://127.0.0.1:${pager.port}/", send_resolved: true }] }
`,
      "anchorwatch.yaml": `version: 1
truststores: { roots: { path: root.pem } }
clients: { app: { profile: openjdk-17, trust: roots } }
endpoints:
${endpoints.map((name) => `  ${name}: { url: "https://localhost:${server.port}", connect: 127.0.0.1, every: 2s }`).join("\n")}
links: [{ from: app, to: [${endpoints.join(", ")}] }]
schedule: { perHost: 8 }
alerts:
  resolveAfter: 0s
  rules: [{ name: broken, when: broken, for: 5s }]
notify: { am: { alertmanager: { url: "http://127.0.0.1:${port}" } } }
`,
    });
    const manager = startProcess(program, [
      `--config.file=${join(folder, "alertmanager.yml")}`,
      `--storage.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
    ]);
    t.teardown(() => manager.stop());
    await eventually(() => accepts(port));
    const alerts = async (): Promise<readonly KnownAlert[]> =>
      (await (
        await fetch(`http://127.0.0.1:${port}/api/v2/alerts`)
      ).json()) as readonly KnownAlert[];

    const watch = async () => {
      const started = await runDaemon({
        estateFile: join(folder, "anchorwatch.yaml"),
        listen: "127.0.0.1:0",
        log: silent,
      });
      if (!started.ok) throw new Error(started.error.message);
      return started.value;
    };
    const first = await watch();
    const [told, ...others] = await eventually(async () => {
      const known = await alerts();
      return known.length > 0 ? known : undefined;
    });
    t.same(others, []);
    t.match(told, {
      labels: { alertname: "broken", severity: "critical", code: "chain.intermediate-expired" },
      annotations: { links: String(LINKS), summary: /expired/ },
      status: { state: "active" },
    });
    await eventually(async () => pager.calls[0]);
    await first.close();

    const second = await watch();
    await eventually(async () => {
      const body = await (await fetch(`${second.url}api/v1/links`)).text();
      return /"state":"pending"/.test(body) ? undefined : true;
    });
    server.serve([fresh, renewed]);
    await eventually(async () => pager.calls.find((call) => call.startsWith("resolved")));
    t.same(pager.calls, [`firing ${LINKS}`, `resolved ${LINKS}`]);
    t.same(await alerts(), []);
    await second.close();
  },
);
