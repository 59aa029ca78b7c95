import { join } from "node:path";
import t, { type Test } from "tap";
import type { AlertJson } from "../../../src/daemon/alert-json.ts";
import type { Prober } from "../../../src/daemon/prober.ts";
import { freePort } from "../../lab/process.ts";
import { requireTool } from "../../tools.ts";
import { FakeClock } from "../fake-clock.ts";
import { eventually, presentCertificate, startDaemon } from "../fixture.ts";
import { startAlertmanager, startPager } from "../notify/alertmanager-process.ts";
import { handshake } from "../samples.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const LINKS = 20;
const BRIEF = 3;

/** Servers of two issuers, whose certificates are renewed and fall back to expired ones as the test says. */
const network = () => {
  const root = presentCertificate({ name: "Root", ca: true, days: 3650 });
  const chains = (issuerName: string) => {
    const chain = (days: number) => {
      const issuer = presentCertificate({ name: issuerName, issuer: root, ca: true, days });
      const leaf = presentCertificate({ name: "host", issuer, san: ["*.example"] });
      return [leaf.der, issuer.der];
    };
    return { good: chain(300), expired: chain(-1) };
  };
  const issuers = { lasting: chains("Lasting"), brief: chains("Brief") };
  const broken = { lasting: false, brief: false };
  const prober: Prober = {
    findAddresses: async (host) => ({ ok: true, value: [`192.0.2.${/\d+/.exec(host)?.[0] ?? 0}`] }),
    probe: async (endpoint, options) => {
      const kind = endpoint.host.startsWith("lasting") ? "lasting" : "brief";
      return handshake({
        endpoint,
        serverName: endpoint.host,
        address: options?.address ?? null,
        certificates: issuers[kind][broken[kind] ? "expired" : "good"],
      });
    },
  };
  return { root, broken, prober };
};

const estate = (port: number): string => {
  const names = [
    ...Array.from({ length: LINKS }, (_, index) => `lasting${index + 1}`),
    ...Array.from({ length: BRIEF }, (_, index) => `brief${index + 101}`),
  ];
  return `version: 1
truststores: { roots: { path: root.pem } }
clients: { app: { profile: openjdk-17, trust: roots } }
endpoints:
${names.map((name) => `  ${name}: { url: "https://${name}.example", every: 1m }`).join("\n")}
links: [{ from: app, to: [${names.join(", ")}] }]
alerts:
  resolveAfter: 0s
  rules: [{ name: broken, when: broken, for: 30s }]
notify: { am: { alertmanager: { url: "http://127.0.0.1:${port}" } } }
`;
};

/** A daemon of which time passes as the test says, and which can be started anew. */
const stage = async (t: Test, port: number, start: number) => {
  const clock = new FakeClock(start);
  const { root, broken, prober } = network();
  const folder = t.testdir({
    "root.pem": root.pem,
    page: { "index.html": "" },
    "anchorwatch.yaml": estate(port),
  });
  const open = () =>
    startDaemon(t, join(folder, "anchorwatch.yaml"), {
      clock,
      prober,
      watchInterval: 1e9,
      pageFolder: join(folder, "page"),
    });
  let daemon = await open();
  /** Lets time pass step by step, and what is sent meanwhile arrive, or not. */
  const pass = async (milliseconds: number, step = 30 * SECOND): Promise<void> => {
    for (let passed = 0; passed < milliseconds; passed += step) {
      await clock.advance(Math.min(step, milliseconds - passed));
      await (await fetch(`${daemon.url}healthz`)).text();
    }
  };
  /** Lets time pass until something holds. */
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!(await holds())) await pass(10 * SECOND, 10 * SECOND);
  };
  return {
    clock,
    broken,
    folder,
    pass,
    until,
    alerts: async (): Promise<readonly AlertJson[]> => {
      const answer = await fetch(`${daemon.url}api/v1/alerts`);
      return ((await answer.json()) as { readonly alerts: readonly AlertJson[] }).alerts;
    },
    ready: async () => (await fetch(`${daemon.url}readyz`)).status === 200,
    waiting: async () => {
      const text = await (await fetch(`${daemon.url}metrics`)).text();
      return Number(/^anchorwatch_notifications_waiting\{.*\} (\d+)$/m.exec(text)?.[1]);
    },
    restart: async () => {
      await daemon.close();
      daemon = await open();
    },
  };
};

void t.test(
  "Alertmanager that was down for an hour gets one alert for what still fires, and its end",
  async (t) => {
    const program = requireTool(t, "alertmanager");
    if (program === undefined) return;
    const pager = await startPager(t);
    const port = await freePort();
    const begun = Date.now() - HOUR - 12 * MINUTE;
    const { clock, broken, folder, pass, until, alerts, ready, waiting, restart } = await stage(
      t,
      port,
      begun,
    );
    await until(ready);
    t.same(await alerts(), []);
    // the hour ends shortly before the present: what is told neither lies ahead of Alertmanager nor is over for it
    await pass(Date.now() - HOUR - 200 * SECOND - clock.wall(), MINUTE);
    broken.lasting = true;
    const failed = clock.wall();
    await pass(10 * MINUTE);
    broken.brief = true;
    await pass(10 * MINUTE);
    t.same(
      (await alerts()).map(({ status, linkCount }) => [status, linkCount]),
      [
        ["firing", LINKS],
        ["firing", BRIEF],
      ],
      "one alert for each cause",
    );
    broken.brief = false;
    await pass(10 * MINUTE);
    await restart();
    await until(ready);
    await pass(failed + HOUR - clock.wall());
    t.same(
      (await alerts()).map(({ status, linkCount }) => [status, linkCount]),
      [["firing", LINKS]],
    );
    t.equal(await waiting(), 3, "two that began and one that ended");
    const manager = await startAlertmanager(t, program, { folder, port, pagerPort: pager.port });
    await until(async () => (await waiting()) === 0);
    await eventually(async () => pager.calls[0]);
    t.ok(clock.wall() - failed < HOUR + 2 * MINUTE, "it is told within a minute");
    t.match(await manager.alerts(), [
      {
        labels: { alertname: "broken", code: "chain.intermediate-expired" },
        annotations: { links: String(LINKS) },
        startsAt: new RegExp(`^${new Date(failed + MINUTE).toISOString().slice(0, 13)}`),
        status: { state: "active" },
      },
    ]);
    await pass(MINUTE);
    broken.lasting = false;
    await until(async () => (await alerts()).length === 0);
    await eventually(async () => pager.calls.find((call) => call.startsWith("resolved")));
    await until(async () => clock.wall() >= Date.now());
    t.same(pager.calls, [`firing ${LINKS}`, `resolved ${LINKS}`], "nothing is doubled or lost");
    t.same(await manager.alerts(), []);
  },
);
