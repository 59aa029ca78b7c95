import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import t, { type Test } from "tap";
import type { Handshake } from "../../src/probe/handshake.ts";
import { probe, type ProbeOptions } from "../../src/probe/probe.ts";
import { DIRECT, type Proxy, type Route } from "../../src/probe/routes/route.ts";
import { createIssuer, type LabServer, startOpensslServer } from "../lab/openssl.ts";
import { type ScriptedServer, startScriptedServer } from "../lab/tcp.ts";
import { requireTool } from "../tools.ts";

const through = (kind: Proxy["kind"], port: number): Route => ({
  ...DIRECT,
  proxy: { kind, host: "127.0.0.1", port, credentials: null, anchors: null },
});

const loopback = (port: number, options: ProbeOptions = {}): Promise<Handshake> =>
  probe({ scheme: "tls", host: "127.0.0.1", port }, options);

/** Sends bytes one at a time until the peer goes away. */
function trickle(
  socket: Parameters<Parameters<typeof startScriptedServer>[0]>[0],
  text: string,
): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ""), 5);
  socket.on("close", () => clearInterval(timer));
}

async function scripted(
  t: Test,
  script: Parameters<typeof startScriptedServer>[0],
): Promise<ScriptedServer> {
  const server = await startScriptedServer(script);
  t.teardown(() => server.close());
  return server;
}

t.test("probe() ends with peers that trickle, in each phase with its reason", async (t) => {
  const header = await scripted(t, (socket) => trickle(socket, "HTTP/1.1 200 OK X-Filler: x"));
  const proxied = await loopback(443, { route: through("http", header.port), timeoutMs: 500 });
  t.match(proxied, { stage: "connect", failure: { code: "timeout-proxy" } });
  const greeting = await scripted(t, (socket) => trickle(socket, "220-mail "));
  const dialog = await probe(
    { scheme: "smtp", host: "127.0.0.1", port: greeting.port },
    { timeoutMs: 500 },
  );
  t.match(dialog, { stage: "connect", failure: { code: "timeout-dialog" } });
  const record = await scripted(t, (socket) => trickle(socket, "\u0016\u0003\u0003\u0000\u0050"));
  const hello = await loopback(record.port, { timeoutMs: 500 });
  t.match(hello, { stage: "connect", failure: { code: "timeout-handshake" } });
  await Promise.all([header.idle(), greeting.idle(), record.idle()]);
});

t.test("probe() gives each phase its own time", async (t) => {
  const silent = await scripted(t, (socket) => socket.resume());
  const options = { timeoutMs: 60_000, phaseTimeoutMs: 60 };
  const start = performance.now();
  const [handshake, proxy, dialog] = await Promise.all([
    loopback(silent.port, options),
    loopback(443, { ...options, route: through("socks5h", silent.port) }),
    probe({ scheme: "imap", host: "127.0.0.1", port: silent.port }, options),
  ]);
  t.match(handshake?.failure, { code: "timeout-handshake", message: / within 60 ms$/ });
  t.match(proxy?.failure, { code: "timeout-proxy", message: / within 60 ms$/ });
  t.match(dialog?.failure, { code: "timeout-dialog", message: / within 60 ms/ });
  t.ok(performance.now() - start < 30_000, "the time of the whole was not waited for");
  await silent.idle();
});

t.test("probe() bounds what a proxy may send", async (t) => {
  const flood = "X".repeat(64 * 1024);
  for (const kind of ["http", "socks5h"] as const) {
    const server = await scripted(t, (socket) => {
      socket.write(kind === "http" ? "HTTP/1.1 200 OK\r\nX: " : Buffer.of(5));
      const pour = (): void => {
        while (socket.writable && socket.write(flood));
      };
      socket.on("drain", pour);
      pour();
    });
    const record = await loopback(443, { route: through(kind, server.port) });
    t.equal(record.failure?.code, "proxy-malformed", kind);
    await server.idle();
  }
});

/** Sockets and timers of this process. */
const resources = (): readonly string[] =>
  process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout|TLS|Connect|GetAddr/.test(kind));

async function tlsServer(t: Test): Promise<LabServer | undefined> {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return undefined;
  const issue = createIssuer(openssl, t.testdir());
  const issuer = await issue({ name: "ca", keyType: "p256" });
  const certificate = await issue({ name: "server", keyType: "p256", issuer });
  const server = await startOpensslServer(openssl, certificate, ["-verify", "1"]);
  t.teardown(() => server.process.stop());
  return server;
}

t.test("probe() frees its socket at once when it is cancelled, at any moment", async (t) => {
  const tls = await tlsServer(t);
  if (tls === undefined) return;
  const tunnel = await scripted(t, (socket) => {
    socket.once("data", () => {
      const server = connect(tls.port, "127.0.0.1");
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(server).pipe(socket);
      server.on("error", () => socket.destroy());
      socket.on("close", () => server.destroy());
    });
  });
  const silent = await scripted(t, (socket) => socket.resume());
  const before = resources().length;
  const outcomes = new Set<string>();
  for (let round = 0; round < 60; round++) {
    const leave = new AbortController();
    const options = { signal: leave.signal };
    const calls = [
      loopback(tls.port, options),
      loopback(tls.port, { ...options, route: through("http", tunnel.port) }),
      loopback(silent.port, options),
      loopback(443, { ...options, route: through("https", silent.port) }),
      loopback(443, { ...options, route: through("socks5h", silent.port) }),
      probe({ scheme: "smtp", host: "127.0.0.1", port: silent.port }, options),
    ];
    if (round % 4 === 0) leave.abort();
    else setTimeout(() => leave.abort(), (round % 30) / 3);
    for (const { failure } of await Promise.all(calls)) outcomes.add(failure?.code ?? "complete");
  }
  t.ok(outcomes.has("cancelled"));
  outcomes.delete("cancelled");
  outcomes.delete("complete");
  t.same([...outcomes], [], "whoever was not cancelled was complete");
  await Promise.all([tunnel.idle(), silent.idle()]);
  await wait(20);
  t.ok(resources().length <= before, `left over: ${resources().join(", ")}`);
});

t.test("probe() leaves no socket half open, however the peer ends", async (t) => {
  const before = resources().length;
  const endings: Readonly<Record<string, Parameters<typeof startScriptedServer>[0]>> = {
    "closes at once": (socket) => socket.end(),
    "resets at once": (socket) => socket.resetAndDestroy(),
    "closes after the hello": (socket) => socket.once("data", () => socket.end()),
    "resets after the hello": (socket) => socket.once("data", () => socket.resetAndDestroy()),
    "sends an alert and stays": (socket) =>
      socket.once("data", () => socket.write(Buffer.of(21, 3, 3, 0, 2, 2, 40))),
    "says something else and stays": (socket) => socket.write("SSH-2.0-x\r\n"),
  };
  for (const [name, script] of Object.entries(endings)) {
    const server = await scripted(t, script);
    const records = await Promise.all([
      loopback(server.port),
      loopback(443, { route: through("http", server.port) }),
      loopback(443, { route: through("socks5", server.port) }),
      loopback(443, { route: through("https", server.port) }),
      probe({ scheme: "smtp", host: "127.0.0.1", port: server.port }, { timeoutMs: 300 }),
    ]);
    for (const record of records) t.not(record.failure, null, name);
    await server.idle();
    await server.close();
  }
  await wait(20);
  t.ok(resources().length <= before, `left over: ${resources().join(", ")}`);
});
