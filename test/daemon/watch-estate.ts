import { spawn } from "node:child_process";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { runDaemon } from "../../src/daemon/daemon.ts";
import { systemProber } from "../../src/daemon/system-prober.ts";
import { WebSocket } from "ws";
import {
  eventually,
  judgedLinks,
  keyPem,
  linkWhere,
  presentCertificate,
  smallPki,
  startDaemon,
  tlsServer,
  writeFiles,
} from "./fixture.ts";
import { silent } from "./samples.ts";

interface Health {
  readonly status: string;
  readonly problems: readonly { readonly code: string; readonly message: string }[];
}

const healthOf = async (url: string): Promise<Health> =>
  (await (await fetch(`${url}healthz`)).json()) as Health;

/** The first problem, once there is one. */
const problemOf = (url: string) => eventually(async () => (await healthOf(url)).problems[0]);

const wellAgain = (url: string) =>
  eventually(async () => ((await healthOf(url)).status === "ok" ? true : undefined));

const estate = (port: number, more = ""): string => `version: 1
truststores: { roots: { path: root.pem } }
clients: { app: { profile: openjdk-17, trust: roots } }
endpoints:
  web: { url: "https://localhost:${port}", connect: 127.0.0.1, every: 1s }
links: [{ from: app, to: web }]
${more}`;

void t.test(
  "runDaemon() says until a restart that a client has not read its truststore",
  async (t) => {
    const folder = t.testdir();
    const { root, leaf } = smallPki();
    writeFiles(folder, {
      "root.pem": root.pem,
      "app.pid": "1\n",
      "anchorwatch.yaml": estate(await tlsServer(t, leaf)).replace(
        "trust: roots }",
        "trust: roots, started: { pidFile: app.pid } }",
      ),
    });
    const written = new Date(Date.now() - 10_000);
    utimesSync(join(folder, "root.pem"), written, written);
    const { url } = await startDaemon(t, join(folder, "anchorwatch.yaml"));
    const [before] = await judgedLinks(url);
    t.match(before, {
      state: "warning",
      ok: true,
      findings: [{ code: "truststore.process-outdated", severity: "warning" }],
    });
    const restarted = spawn("sleep", ["600"], { stdio: "ignore" });
    t.teardown(() => restarted.kill());
    writeFileSync(join(folder, "app.pid"), `${restarted.pid}\n`);
    t.same((await linkWhere(url, ({ state }) => state === "ok")).findings, []);
  },
);

void t.test("runDaemon() judges real servers and shows the same everywhere", async (t) => {
  const folder = t.testdir();
  const { root, leaf } = smallPki();
  const expired = presentCertificate({
    name: "localhost",
    issuer: root,
    san: ["localhost"],
    days: -3,
  });
  const ports = [await tlsServer(t, leaf), await tlsServer(t, expired)];
  writeFiles(folder, {
    "root.pem": root.pem,
    "anchorwatch.yaml": `version: 1
truststores: { roots: { path: root.pem } }
clients:
  java: { profile: openjdk-17, trust: roots }
  openssl: { profile: openssl-3, trust: [roots] }
endpoints:
  good: { url: "https://localhost:${ports[0]}", connect: 127.0.0.1, labels: { team: web } }
  old: { url: "https://localhost:${ports[1]}", connect: 127.0.0.1 }
  nobody: { url: "https://localhost:${ports[0]}", connect: 127.0.0.1 }
links:
  - { from: java, to: [good, old] }
  - { from: openssl, to: [good, old] }
`,
  });
  const { url } = await startDaemon(t, join(folder, "anchorwatch.yaml"));
  const links = await judgedLinks(url);
  t.match(links, [
    { client: "java", endpoint: "good", state: "ok", ok: true, labels: { team: "web" } },
    { client: "java", endpoint: "old", state: "broken", findings: [{ code: "leaf.expired" }] },
    { client: "openssl", endpoint: "good", state: "ok", trusted: true, nameMatch: true },
    { client: "openssl", endpoint: "old", state: "broken", findings: [{ code: "leaf.expired" }] },
  ]);
  t.match(links[0]?.chain, [{ subject: "CN=localhost", issuer: "CN=Test Root" }]);
  t.match(links[0]?.addresses, [{ address: "127.0.0.1", outcome: "complete", version: "TLSv1.3" }]);
  await eventually(async () => ((await fetch(`${url}readyz`)).status === 200 ? true : undefined));
  const metrics = await (await fetch(`${url}metrics`)).text();
  for (const [client, endpoint, value] of [
    ["java", "good", 1],
    ["java", "old", 0],
    ["openssl", "good", 1],
    ["openssl", "old", 0],
  ] as const)
    t.match(metrics, `anchorwatch_link_ok{client="${client}",endpoint="${endpoint}"} ${value}\n`);
  t.match(metrics, 'anchorwatch_endpoint_up{endpoint="nobody",address="127.0.0.1"} 1\n');
  t.match(metrics, 'anchorwatch_truststore_anchors{truststore="roots"} 1\n');
  // Node.js servers choose a hybrid group, which neither client offers: one more hello for both together.
  t.match(metrics, /^anchorwatch_probes_total\{outcome="complete"\} 5$/m);
  t.equal(
    metrics.match(/^anchorwatch_endpoint_tls_info\{/gm)?.length,
    3,
    "one for each address, whatever the number of hellos",
  );
  const endpoints = (await (await fetch(`${url}api/v1/endpoints`)).json()) as {
    readonly endpoints: readonly object[];
  };
  t.match(endpoints.endpoints[0], {
    name: "good",
    clients: ["java", "openssl"],
    every: 300_000,
    addresses: [{ outcome: "complete", certificates: [{ subject: "CN=localhost" }] }],
  });
  const stores = (await (await fetch(`${url}api/v1/truststores`)).json()) as object;
  t.match(stores, {
    truststores: [{ name: "roots", clients: ["java", "openssl"], loaded: true, anchors: 1 }],
  });
  const leaks = [keyPem(leaf), keyPem(root)].map((pem) => pem.split("\n")[1] ?? "");
  const told = metrics + JSON.stringify([links, endpoints, stores]);
  t.ok(leaks.every((secret) => secret !== "" && !told.includes(secret)));
});

void t.test("runDaemon() tells a change of the server over the live feed", async (t) => {
  const folder = t.testdir();
  const { root, leaf } = smallPki();
  const stranger = presentCertificate({ name: "localhost", san: ["localhost"] });
  const certificates = { current: leaf };
  const { createSecureContext } = await import("node:tls");
  const port = await tlsServer(t, leaf, {
    SNICallback: (_name, done) => {
      const { current } = certificates;
      done(null, createSecureContext({ key: keyPem(current), cert: current.pem }));
    },
  });
  writeFiles(folder, { "root.pem": root.pem, "anchorwatch.yaml": estate(port) });
  const { url } = await startDaemon(t, join(folder, "anchorwatch.yaml"));
  await linkWhere(url, ({ state }) => state === "ok");
  const socket = new WebSocket(`${url.replace("http", "ws")}api/v1/events`);
  t.teardown(() => socket.terminate());
  const states: string[] = [];
  socket.on("message", (data: Buffer) => {
    const message = JSON.parse(data.toString()) as {
      readonly type: string;
      readonly link?: { readonly state: string };
    };
    if (message.link !== undefined && message.link.state !== states.at(-1))
      states.push(message.link.state);
  });
  await new Promise((resolve) => socket.once("message", resolve));
  certificates.current = stranger;
  await eventually(async () => (states.includes("broken") ? true : undefined));
  certificates.current = leaf;
  await eventually(async () => (states.at(-1) === "ok" ? true : undefined));
  t.ok(states.indexOf("broken") < states.lastIndexOf("ok"));
});

void t.test(
  "runDaemon() makes one handshake per client certificate and judges each client by its own",
  async (t) => {
    const folder = t.testdir();
    const { root, leaf } = smallPki();
    const own = presentCertificate({ name: "gateway", issuer: root });
    let connections = 0;
    const port = await tlsServer(t, leaf, {
      ca: [root.pem],
      requestCert: true,
      rejectUnauthorized: true,
    });
    const counted = await tlsServer(t, leaf, { requestCert: true, rejectUnauthorized: false });
    const { connect, createServer } = await import("node:net");
    const relay = createServer((socket) => {
      connections++;
      const onward = connect(counted, "127.0.0.1");
      socket.on("error", () => onward.destroy());
      onward.on("error", () => socket.destroy());
      socket.pipe(onward).pipe(socket);
    });
    await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
    t.teardown(() => relay.close());
    const relayPort = (relay.address() as { readonly port: number }).port;
    const identity = "identity: { cert: own.pem, key: own.key }";
    writeFiles(folder, {
      "root.pem": root.pem,
      "own.pem": own.pem,
      "own.key": keyPem(own),
      "other.key": keyPem(leaf),
      "anchorwatch.yaml": `version: 1
truststores: { roots: { path: root.pem } }
clients:
  gateway: { profile: openjdk-17, trust: roots, ${identity} }
  twin: { profile: openssl-3, trust: roots, ${identity} }
  plain: { profile: openjdk-17, trust: roots }
  mistaken: { profile: openjdk-17, trust: roots, identity: { cert: own.pem, key: other.key } }
endpoints:
  strict: { url: "https://localhost:${port}", connect: 127.0.0.1, expect: { clientAuth: required } }
  lenient: { url: "https://localhost:${relayPort}", connect: 127.0.0.1 }
links:
  - { from: gateway, to: [strict, lenient] }
  - { from: twin, to: [strict, lenient] }
  - { from: plain, to: [strict, lenient] }
  - { from: mistaken, to: strict }
`,
    });
    const { url } = await startDaemon(t, join(folder, "anchorwatch.yaml"));
    t.match(await judgedLinks(url), [
      { client: "gateway", endpoint: "strict", state: "ok" },
      { client: "gateway", endpoint: "lenient", state: "ok" },
      { client: "twin", endpoint: "strict", state: "ok" },
      { client: "twin", endpoint: "lenient", state: "ok" },
      {
        client: "plain",
        endpoint: "strict",
        state: "broken",
        findings: [{ code: "client-auth.required" }],
      },
      { client: "plain", endpoint: "lenient", state: "ok" },
      {
        client: "mistaken",
        endpoint: "strict",
        state: "broken",
        ok: null,
        findings: [{ code: "estate.not-judged", summary: /does not belong to the certificate/ }],
      },
    ]);
    // Node.js servers choose a hybrid group, which none of the clients offers.
    t.equal(
      connections,
      4,
      "wide and as a client, with the certificate and without, whatever the number of clients",
    );
    t.match(await healthOf(url), {
      status: "degraded",
      problems: [{ code: "identity-unreadable", subject: "mistaken" }],
    });
    const { endpoints } = (await (await fetch(`${url}api/v1/endpoints`)).json()) as {
      readonly endpoints: readonly object[];
    };
    t.match(endpoints[0], { clientAuth: { expected: "required", observed: "required" } });
  },
);

void t.test("runDaemon() lets the worst address of an endpoint count", async (t) => {
  const folder = t.testdir();
  const { root, leaf } = smallPki();
  const expired = presentCertificate({
    name: "localhost",
    issuer: root,
    san: ["localhost"],
    days: -3,
  });
  const port = await tlsServer(t, leaf, { host: "127.0.0.1" });
  const { createServer } = await import("node:tls");
  const second = createServer({ key: keyPem(expired), cert: expired.pem }, (socket) =>
    socket.end(),
  );
  const listening = await new Promise<boolean>((resolve) => {
    second.once("error", () => resolve(false));
    second.listen(port, "127.0.0.2", () => resolve(true));
  });
  if (!listening) {
    t.plan(0, "127.0.0.2 cannot be used here");
    return;
  }
  t.teardown(() => second.close());
  writeFiles(folder, {
    "root.pem": root.pem,
    "anchorwatch.yaml": estate(port).replace(", connect: 127.0.0.1", ""),
  });
  const { url } = await startDaemon(t, join(folder, "anchorwatch.yaml"), {
    prober: {
      ...systemProber,
      findAddresses: async () => ({ ok: true, value: ["127.0.0.1", "127.0.0.2"] }),
    },
  });
  t.match(await judgedLinks(url), [
    {
      state: "broken",
      findings: [{ code: "leaf.expired" }],
      addresses: [
        { address: "127.0.0.1", outcome: "complete" },
        { address: "127.0.0.2", outcome: "complete" },
      ],
    },
  ]);
  const metrics = await (await fetch(`${url}metrics`)).text();
  t.match(metrics, 'anchorwatch_endpoint_up{endpoint="web",address="127.0.0.2"} 1\n');
});

void t.test(
  "runDaemon() tells names that do not resolve and ports that nobody listens on",
  async (t) => {
    const folder = t.testdir();
    const { root } = smallPki();
    writeFiles(folder, {
      "root.pem": root.pem,
      "anchorwatch.yaml": `version: 1
truststores: { roots: { path: root.pem } }
clients: { app: { profile: openjdk-17, trust: roots } }
endpoints:
  nowhere: { url: "https://nowhere.invalid" }
  closed: { url: "https://localhost:1", connect: 127.0.0.1 }
links: [{ from: app, to: [nowhere, closed] }]
`,
    });
    const { url } = await startDaemon(t, join(folder, "anchorwatch.yaml"));
    t.match(await judgedLinks(url), [
      {
        state: "broken",
        findings: [{ code: "topology.unresolvable" }],
        addresses: [{ address: null, outcome: "failed", failure: "dns-failed" }],
      },
      {
        state: "broken",
        findings: [{ code: "topology.unreachable" }],
        addresses: [{ address: "127.0.0.1", failure: "connect-refused" }],
      },
    ]);
    const metrics = await (await fetch(`${url}metrics`)).text();
    t.match(metrics, 'anchorwatch_endpoint_up{endpoint="nowhere",address=""} 0\n');
    t.match(
      metrics,
      'anchorwatch_endpoint_failure_info{endpoint="closed",address="127.0.0.1",reason="connect-refused"} 1\n',
    );
  },
);

void t.test("runDaemon() keeps the old estate while the new one is wrong", async (t) => {
  const folder = t.testdir();
  const { root, leaf } = smallPki();
  const port = await tlsServer(t, leaf);
  const file = join(folder, "anchorwatch.yaml");
  writeFiles(folder, { "root.pem": root.pem, "anchorwatch.yaml": estate(port) });
  const { url, reload } = await startDaemon(t, file);
  await linkWhere(url, ({ state }) => state === "ok");
  writeFileSync(file, estate(port, "shedule: {}\n").replace("app: {", "ap: {"));
  const problem = await problemOf(url);
  t.match(problem, { code: "estate-refused", message: /the old one goes on/ });
  t.match(problem.message, /anchorwatch\.yaml:6:17 links\[0\]\.from: Unknown client "app"/);
  t.match(problem.message, /anchorwatch\.yaml:7:1 shedule: Unknown key/);
  t.equal(await reload(), false);
  const [link] = await judgedLinks(url);
  t.match(link, { client: "app", state: "ok" }, "no part of it was taken");
  const before = link?.checkedAt;
  await linkWhere(url, ({ checkedAt }) => checkedAt !== before);
  t.pass("and probing goes on");
  writeFileSync(file, estate(port).replaceAll("app", "renamed"));
  await linkWhere(url, ({ client, state }) => client === "renamed" && state === "ok");
  t.equal((await healthOf(url)).status, "ok");
  t.equal((await judgedLinks(url)).length, 1, "the old link is gone");
});

void t.test("runDaemon() keeps the old truststore while the new one cannot be read", async (t) => {
  const folder = t.testdir();
  const { root, leaf } = smallPki();
  const port = await tlsServer(t, leaf);
  const file = join(folder, "root.pem");
  writeFiles(folder, { "root.pem": root.pem, "anchorwatch.yaml": estate(port) });
  const { url } = await startDaemon(t, join(folder, "anchorwatch.yaml"));
  const first = await linkWhere(url, ({ state }) => state === "ok");
  writeFileSync(file, root.pem.slice(0, 200));
  t.match(await problemOf(url), { code: "estate-refused", message: /roots: .*root\.pem/ });
  const later = await linkWhere(url, ({ checkedAt }) => checkedAt !== first.checkedAt);
  t.equal(later.state, "ok");
  writeFileSync(file, presentCertificate({ name: "Another Root", ca: true }).pem);
  const broken = await linkWhere(url, ({ state }) => state === "broken");
  t.match(broken.findings[0]?.code, /^(truststore|chain)\./);
  await wellAgain(url);
  writeFileSync(file, root.pem);
  await linkWhere(url, ({ state }) => state === "ok");
});

void t.test(
  "runDaemon() starts with a truststore that cannot be read, says so, and takes it when it can",
  async (t) => {
    const folder = t.testdir();
    const { root, leaf } = smallPki();
    const port = await tlsServer(t, leaf);
    writeFiles(folder, { "anchorwatch.yaml": estate(port) });
    const { url } = await startDaemon(t, join(folder, "anchorwatch.yaml"));
    t.match(await judgedLinks(url), [
      { state: "broken", trusted: null, findings: [{ code: "truststore.not-found" }] },
    ]);
    t.match(await problemOf(url), { code: "truststore-unreadable", subject: "roots" });
    t.match(
      await (await fetch(`${url}metrics`)).text(),
      'anchorwatch_truststore_loaded{truststore="roots"} 0\n',
    );
    writeFileSync(join(folder, "root.pem"), root.pem);
    await linkWhere(url, ({ state }) => state === "ok");
    await wellAgain(url);
  },
);

void t.test("runDaemon() looks at once at an endpoint that is somewhere else now", async (t) => {
  const folder = t.testdir();
  const { root, leaf } = smallPki();
  const [first, second] = [
    await tlsServer(t, leaf),
    await tlsServer(t, presentCertificate({ name: "x" })),
  ];
  const file = join(folder, "anchorwatch.yaml");
  const text = (port: number): string => estate(port).replace("every: 1s", "every: 30d");
  writeFiles(folder, { "root.pem": root.pem, "anchorwatch.yaml": text(first) });
  const { url, reload } = await startDaemon(t, file);
  await linkWhere(url, ({ state }) => state === "ok");
  writeFileSync(file, text(second));
  t.equal(await reload(), true);
  t.match(await linkWhere(url, ({ state }) => state === "broken"), {
    url: `https://localhost:${second}`,
    chain: [{ subject: "CN=x" }],
  });
});

void t.test("runDaemon() goes on without its history and says so", async (t) => {
  const folder = t.testdir({ "anchorwatch.db": {} });
  const { root, leaf } = smallPki();
  const port = await tlsServer(t, leaf);
  writeFiles(folder, { "root.pem": root.pem, "anchorwatch.yaml": estate(port) });
  const { url } = await startDaemon(t, join(folder, "anchorwatch.yaml"));
  const first = await linkWhere(url, ({ state }) => state === "ok");
  await linkWhere(url, ({ checkedAt }) => checkedAt !== first.checkedAt);
  t.match(await problemOf(url), { code: "history-unavailable", message: /cannot be opened/ });
});

void t.test(
  "runDaemon() refuses to listen beyond loopback and tells where it cannot listen",
  async (t) => {
    const folder = t.testdir({ "anchorwatch.yaml": "version: 1\n" });
    const estateFile = join(folder, "anchorwatch.yaml");
    t.match(await runDaemon({ estateFile, listen: "0.0.0.0:0", log: silent }), {
      ok: false,
      error: { code: "listen-refused", message: /without access control/ },
    });
    const { url } = await startDaemon(t, estateFile);
    t.match(await runDaemon({ estateFile, listen: new URL(url).host, log: silent }), {
      ok: false,
      error: { code: "listen-failed", message: /Another program listens/ },
    });
    t.match(await runDaemon({ estateFile: join(folder, "missing.yaml"), log: silent }), {
      ok: false,
      error: { code: "estate-invalid", message: /Estate file does not exist/, problems: [{}] },
    });
  },
);

void t.test("runDaemon() ends when its signal is aborted", async (t) => {
  const folder = t.testdir({ "anchorwatch.yaml": "version: 1\n" });
  const stop = new AbortController();
  const { url } = await startDaemon(t, join(folder, "anchorwatch.yaml"), { signal: stop.signal });
  t.equal((await fetch(`${url}readyz`)).status, 200, "nothing to wait for");
  stop.abort();
  await eventually(async () => {
    try {
      await fetch(`${url}healthz`);
      return undefined;
    } catch {
      return true;
    }
  });
  t.pass("it is gone");
});
