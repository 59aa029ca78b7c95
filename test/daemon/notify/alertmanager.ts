import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import t, { type Test } from "tap";
import type { IssuedCertificate } from "../../../src/cli/demo/certificate.ts";
import { runDaemon } from "../../../src/daemon/daemon.ts";
import { freePort } from "../../lab/process.ts";
import { requireTool } from "../../tools.ts";
import { eventually, keyPem, presentCertificate, writeFiles } from "../fixture.ts";
import { silent } from "../samples.ts";
import { startAlertmanager, startPager } from "./alertmanager-process.ts";

const LINKS = 40;

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
    const { alerts } = await startAlertmanager(t, program, {
      folder,
      port,
      pagerPort: pager.port,
    });

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
