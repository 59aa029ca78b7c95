import { createServer } from "node:tls";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import t, { type Test } from "tap";
import type { Handshake } from "../../../src/probe/handshake.ts";
import { handshakeToJson } from "../../../src/probe/handshake-json.ts";
import { probeAll } from "../../../src/probe/probe-all.ts";
import { probe } from "../../../src/probe/probe.ts";
import { DIRECT, type Proxy, type Route } from "../../../src/probe/routes/route.ts";
import { createIssuer, type IssuedCertificate, startOpensslServer } from "../../lab/openssl.ts";
import { freePort } from "../../lab/process.ts";
import { PROXY_LOGIN, startMicrosocks, startTinyproxy } from "../../lab/proxies.ts";
import { startScriptedServer } from "../../lab/tcp.ts";
import { requireTool } from "../../tools.ts";

/** The way through a proxy on loopback. */
export function through(proxy: Partial<Proxy> & Pick<Proxy, "kind" | "port">): Route {
  return { ...DIRECT, proxy: { host: "127.0.0.1", credentials: null, anchors: null, ...proxy } };
}

interface Lab {
  readonly directory: string;
  readonly ca: IssuedCertificate;
  readonly certificate: IssuedCertificate;
  readonly port: number;
}

/** A TLS server behind the proxies. */
async function lab(t: Test): Promise<Lab | undefined> {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return undefined;
  const directory = t.testdir();
  const issue = createIssuer(openssl, directory);
  const ca = await issue({ name: "ca", keyType: "p256" });
  const certificate = await issue({ name: "server", keyType: "p256", issuer: ca });
  const server = await startOpensslServer(openssl, certificate, []);
  t.teardown(() => server.process.stop());
  return { directory, ca, certificate, port: server.port };
}

const named = (port: number) => ({ scheme: "tls", host: "localhost", port }) as const;

function isComplete(t: Test, handshake: Handshake): void {
  t.equal(handshake.outcome, "complete", handshake.failure?.message ?? "complete");
}

t.test("probe() through tinyproxy", async (t) => {
  const tinyproxy = requireTool(t, "tinyproxy");
  const here = tinyproxy === undefined ? undefined : await lab(t);
  if (tinyproxy === undefined || here === undefined) return;
  const closed = await freePort();
  const options = { connectPorts: [here.port, closed] };
  const open = await startTinyproxy(tinyproxy, here.directory, options);
  t.teardown(() => open.process.stop());
  const guarded = await startTinyproxy(tinyproxy, here.directory, { ...options, login: true });
  t.teardown(() => guarded.process.stop());

  await t.test("probe() completes a handshake and times the proxy", async (t) => {
    const route = through({ kind: "http", port: open.port });
    const record = await probe(named(here.port), { route });
    isComplete(t, record);
    t.match(record, {
      address: null,
      serverName: "localhost",
      proxy: { kind: "http", host: "127.0.0.1", port: open.port, reply: { status: 200 } },
    });
    t.ok(record.phases.connect !== null && record.phases.proxy !== null);
    t.ok(record.certificates.length > 0);
  });

  await t.test("probe() sends credentials, which are in no record", async (t) => {
    const route = through({ kind: "http", port: guarded.port, credentials: PROXY_LOGIN });
    const record = await probe(named(here.port), { route });
    isComplete(t, record);
    t.notMatch(JSON.stringify(handshakeToJson(record)), /pa55|probe/);
  });

  await t.test("probe() says that credentials are missing or wrong", async (t) => {
    const missing = await probe(named(here.port), {
      route: through({ kind: "http", port: guarded.port }),
    });
    t.match(missing, {
      outcome: "failed",
      stage: "connect",
      failure: { code: "proxy-authentication", message: /none are configured .*Basic/ },
      proxy: { reply: { status: 407 } },
      phases: { proxy: null, hello: null },
    });
    const credentials = { ...PROXY_LOGIN, password: "wrong-pa55" };
    const wrong = await probe(named(here.port), {
      route: through({ kind: "http", port: guarded.port, credentials }),
    });
    // tinyproxy says Unauthorized to a client that had its chance
    t.match(wrong.failure?.code, /^proxy-(authentication|refused)$/);
    t.notMatch(wrong.failure?.message, "wrong-pa55");
  });

  await t.test("probe() says with which status the proxy refuses", async (t) => {
    const forbidden = await probe(named(await freePort()), {
      route: through({ kind: "http", port: open.port }),
    });
    t.match(forbidden, {
      failure: { code: "proxy-refused", message: /answered CONNECT with 403/ },
      proxy: { reply: { status: 403 } },
    });
    const nobody = await probe(named(closed), {
      route: through({ kind: "http", port: open.port }),
    });
    t.match(nobody, { failure: { code: "proxy-refused" }, proxy: { reply: { status: /5\d\d/ } } });
  });

  await t.test("probe() begins TLS with an https proxy and checks its certificate", async (t) => {
    const front = createServer(
      {
        cert: readFileSync(here.certificate.certificate),
        key: readFileSync(here.certificate.key),
      },
      (socket) => {
        const behind = connect(open.port, "127.0.0.1");
        socket.pipe(behind).pipe(socket);
        socket.on("error", () => behind.destroy());
        socket.on("close", () => behind.destroy());
        behind.on("error", () => socket.destroy());
      },
    );
    await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
    t.teardown(() => front.close());
    const { port } = front.address() as AddressInfo;
    const anchors = [readFileSync(here.ca.certificate, "utf8")];
    const trusted = through({ kind: "https", host: "localhost", port, anchors });
    isComplete(t, await probe(named(here.port), { route: trusted }));
    const stranger = await probe(named(here.port), {
      route: through({ kind: "https", host: "localhost", port }),
    });
    t.match(stranger, {
      stage: "connect",
      failure: { code: "proxy-unreachable", message: /TLS with the proxy/ },
    });
  });

  await t.test("probeAll() makes one conversation where the proxy resolves", async (t) => {
    const records: Handshake[] = [];
    const route = through({ kind: "http", port: open.port });
    for await (const record of probeAll(named(here.port), { route })) records.push(record);
    t.equal(records.length, 1);
    t.equal(records[0]?.address, null);
  });
});

t.test("probe() through microsocks", async (t) => {
  const microsocks = requireTool(t, "microsocks");
  const here = microsocks === undefined ? undefined : await lab(t);
  if (microsocks === undefined || here === undefined) return;
  const open = await startMicrosocks(microsocks);
  t.teardown(() => open.process.stop());
  const guarded = await startMicrosocks(microsocks, { login: true });
  t.teardown(() => guarded.process.stop());

  for (const kind of ["socks5", "socks5h"] as const)
    await t.test(`probe() completes a handshake (${kind})`, async (t) => {
      const route = { ...through({ kind, port: open.port }), source: "127.0.0.1" };
      const record = await probe(named(here.port), { route });
      isComplete(t, record);
      t.match(record, {
        address: kind === "socks5" ? "127.0.0.1" : null,
        proxy: { kind, reply: { status: 0, reason: "succeeded" } },
      });
      t.not(record.phases.proxy, null);
    });

  await t.test("probe() shows user name and password", async (t) => {
    const record = await probe(named(here.port), {
      route: through({ kind: "socks5h", port: guarded.port, credentials: PROXY_LOGIN }),
    });
    isComplete(t, record);
  });

  await t.test("probe() says that credentials are missing or wrong", async (t) => {
    const missing = await probe(named(here.port), {
      route: through({ kind: "socks5h", port: guarded.port }),
    });
    t.match(missing.failure, { code: "proxy-authentication", message: /none are configured/ });
    const credentials = { username: "probe", password: "wrong-pa55" };
    const wrong = await probe(named(here.port), {
      route: through({ kind: "socks5h", port: guarded.port, credentials }),
    });
    t.equal(wrong.failure?.code, "proxy-authentication", wrong.failure?.message ?? "");
    t.notMatch(wrong.failure?.message, "wrong-pa55");
  });

  await t.test("probe() tells a server that refuses from a proxy that does", async (t) => {
    const record = await probe(named(await freePort()), {
      route: through({ kind: "socks5h", port: open.port }),
    });
    t.match(record, {
      stage: "connect",
      failure: { code: "connect-refused", message: /connection refused \(5\)/ },
      proxy: { reply: { status: 5 } },
    });
  });
});

t.test("probe() names a proxy that cannot be reached", async (t) => {
  const route = through({ kind: "http", port: await freePort() });
  const refused = await probe(named(443), { route });
  t.match(refused, {
    failure: { code: "proxy-unreachable", message: /^Proxy http:.*ECONNREFUSED/ },
  });
  const unknown = await probe(named(443), {
    route: through({ kind: "socks5h", host: "anchorwatch.invalid", port: 1080 }),
  });
  t.match(unknown.failure, { code: "proxy-unreachable", message: /anchorwatch\.invalid/ });
  const silent = await startScriptedServer((socket) => socket.resume());
  t.teardown(() => silent.close());
  for (const kind of ["http", "https", "socks5", "socks5h"] as const) {
    const record = await probe(named(443), {
      route: through({ kind, port: silent.port }),
      timeoutMs: 100,
    });
    t.match(record, { stage: "connect", failure: { code: "timeout-proxy" } }, kind);
  }
  await silent.idle();
});
