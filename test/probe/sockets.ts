import { connect, type Socket } from "node:net";
import t, { type Test } from "tap";
import type { Endpoint, FailureCode, Handshake } from "../../src/probe/handshake.ts";
import { probe, type ProbeOptions } from "../../src/probe/probe.ts";
import { connectFailure, hangUpOf } from "../../src/probe/socket-error.ts";
import { createIssuer, startOpensslServer } from "../lab/openssl.ts";
import { freePort } from "../lab/process.ts";
import { type ScriptedServer, startDripRelay, startScriptedServer } from "../lab/tcp.ts";
import { requireTool } from "../tools.ts";

const endpoint = (port: number): Endpoint => ({ scheme: "tls", host: "localhost", port });

function probeLoopback(port: number, options: ProbeOptions = {}): Promise<Handshake> {
  return probe(endpoint(port), { address: "127.0.0.1", ...options });
}

async function scripted(t: Test, script: Parameters<typeof startScriptedServer>[0]) {
  const server = await startScriptedServer(script);
  t.teardown(() => server.close());
  return server;
}

/** Checks that a failed probe names its reason and leaves no connection behind. */
async function expectFailure(
  t: Test,
  server: ScriptedServer,
  handshake: Handshake,
  code: FailureCode,
): Promise<void> {
  t.equal(handshake.outcome, "failed");
  t.equal(handshake.failure?.code, code, handshake.failure?.message ?? "no failure");
  t.equal(handshake.stage, "connect");
  t.not(handshake.phases.connect, null);
  t.equal(handshake.phases.hello, null);
  t.equal(handshake.address, "127.0.0.1");
  t.equal(server.connections(), 1, "one connection and no retry");
  await server.idle();
}

t.test("probe() reports a port on which nothing listens", async (t) => {
  const handshake = await probeLoopback(await freePort());
  t.match(handshake, {
    outcome: "failed",
    stage: "dns",
    failure: { code: "connect-refused", message: /^127\.0\.0\.1 port \d+ refused/ },
    address: "127.0.0.1",
    phases: { connect: null },
  });
});

t.test("probe() reports a port that cannot be dialled", async (t) => {
  t.match((await probeLoopback(70_000)).failure, { code: "connect-failed" });
});

const systemErrors: Readonly<Record<string, FailureCode>> = {
  ECONNREFUSED: "connect-refused",
  EHOSTUNREACH: "connect-unreachable",
  ENETUNREACH: "connect-unreachable",
  ETIMEDOUT: "timeout-connect",
  EACCES: "connect-failed",
  ESOMETHING: "connect-failed",
};

for (const [code, expected] of Object.entries(systemErrors))
  t.test(`connectFailure() tells ${code} apart`, async (t) => {
    const failure = connectFailure(Object.assign(new Error(code), { code }), "192.0.2.1", 443);
    t.equal(failure.code, expected);
    t.ok(failure.message.startsWith("192.0.2.1 port 443 "));
    t.ok(failure.message.endsWith(`(${code})`));
  });

t.test("hangUpOf() tells a reset from other breaks", async (t) => {
  const error = (code: string): Error => Object.assign(new Error(code), { code });
  t.equal(hangUpOf(error("ECONNRESET")), "reset");
  t.equal(hangUpOf(error("EPIPE")), "reset");
  t.match(hangUpOf(error("ETIMEDOUT")), { code: "timeout-handshake" });
  t.match(hangUpOf(error("EHOSTUNREACH")), { code: "connection-reset", message: /EHOSTUNREACH/ });
});

t.test("probe() does not go beyond a deadline of nothing", async (t) => {
  const server = await scripted(t, () => undefined);
  const handshake = await probeLoopback(server.port, { timeoutMs: 0 });
  t.match(handshake.failure?.code, /^timeout-(connect|handshake)$/);
  await server.idle();
});

t.test("probe() reports a peer that stays silent", async (t) => {
  const server = await scripted(t, (socket) => socket.on("data", () => undefined));
  const handshake = await probeLoopback(server.port, { timeoutMs: 200 });
  await expectFailure(t, server, handshake, "timeout-handshake");
});

t.test("probe() reports a peer that sends a byte now and then", async (t) => {
  const server = await scripted(t, (socket) => {
    const bytes = Uint8Array.of(22, 3, 3, 0x40, 0, 2, 0, 0x3f, 0xfc);
    let at = 0;
    const timer = setInterval(() => socket.write(bytes.subarray(at, ++at)), 20);
    socket.on("close", () => clearInterval(timer));
  });
  const handshake = await probeLoopback(server.port, { timeoutMs: 300 });
  await expectFailure(t, server, handshake, "timeout-handshake");
});

t.test("probe() reports a reset after the hello", async (t) => {
  const server = await scripted(t, (socket) => socket.once("data", () => socket.resetAndDestroy()));
  await expectFailure(t, server, await probeLoopback(server.port), "connection-reset");
});

t.test("probe() reports a close after the hello", async (t) => {
  const server = await scripted(t, (socket) => socket.once("data", () => socket.end()));
  await expectFailure(t, server, await probeLoopback(server.port), "connection-closed");
});

t.test("probe() reports a peer that closes at once", async (t) => {
  const server = await scripted(t, (socket) => socket.end());
  const handshake = await probeLoopback(server.port);
  t.match(handshake.failure?.code, /^connection-(closed|reset)$/);
  await server.idle();
});

t.test("probe() reports garbage as what it is", async (t) => {
  const server = await scripted(t, (socket) => socket.write(Buffer.alloc(100, "x")));
  const handshake = await probeLoopback(server.port);
  await expectFailure(t, server, handshake, "not-tls");
  t.equal(handshake.firstBytes?.length, 64);
});

t.test("probe() names a web server that does not speak TLS", async (t) => {
  const server = await scripted(t, (socket) =>
    socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
  );
  const handshake = await probeLoopback(server.port);
  await expectFailure(t, server, handshake, "not-tls");
  t.match(handshake.failure?.message, /^Peer speaks HTTP, not TLS/);
});

t.test("probe() names a mail server that greets before the hello", async (t) => {
  const server = await scripted(t, (socket) => socket.write("220 mail.example.com ESMTP\r\n"));
  const handshake = await probeLoopback(server.port);
  await expectFailure(t, server, handshake, "not-tls");
  t.match(handshake.failure?.message, /^Peer speaks SMTP, not TLS/);
});

t.test("probe() tells a malformed answer from a missing one, and tells the server", async (t) => {
  let heard = Buffer.alloc(0);
  const server = await scripted(t, (socket) => {
    socket.once("data", () => {
      socket.on("data", (chunk: Buffer) => (heard = Buffer.concat([heard, chunk])));
      socket.write(Uint8Array.of(22, 3, 3, 0, 4, 2, 0, 0, 0));
    });
    socket.on("end", () => socket.end());
  });
  const handshake = await probeLoopback(server.port);
  await expectFailure(t, server, handshake, "malformed-message");
  t.same(handshake.alert, {
    direction: "sent",
    level: "fatal",
    code: 50,
    description: "decode_error",
  });
  t.same([...heard], [21, 3, 3, 0, 2, 2, 50]);
});

t.test("probe() frees the socket at once when it is cancelled", async (t) => {
  const controller = new AbortController();
  const server = await scripted(t, (socket) => socket.once("data", () => controller.abort()));
  const handshake = await probeLoopback(server.port, { signal: controller.signal });
  await expectFailure(t, server, handshake, "cancelled");
});

t.test("probe() dials nothing when it was cancelled before", async (t) => {
  const server = await scripted(t, () => undefined);
  const handshake = await probeLoopback(server.port, { signal: AbortSignal.abort() });
  t.match(handshake.failure, { code: "cancelled" });
  t.equal(server.connections(), 0);
});

t.test("probe() records a name that does not resolve", async (t) => {
  const handshake = await probe({ scheme: "tls", host: "anchorwatch.invalid", port: 443 });
  t.match(handshake, {
    outcome: "failed",
    stage: "start",
    address: null,
    failure: { code: "dns-failed" },
    phases: { dns: null, connect: null },
  });
});

t.test("probe() asks for the host's name but never for an address", async (t) => {
  const names: (string | null)[] = [];
  const server = await scripted(t, (socket) => {
    socket.once("data", (chunk: Buffer) => {
      const name = /[a-z]+\.example/.exec(chunk.toString("latin1"));
      names.push(name === null ? null : name[0]);
      socket.end();
    });
  });
  const to = (host: string, serverName?: string | null) =>
    probe({ scheme: "tls", host, port: server.port }, { address: "127.0.0.1", serverName });
  t.equal((await to("some.example.")).serverName, "some.example");
  t.equal((await to("127.0.0.1")).serverName, null);
  t.equal((await to("some.example", null)).serverName, null);
  t.equal((await to("127.0.0.1", "other.example")).serverName, "other.example");
  t.same(names, ["some.example", null, null, "other.example"]);
});

t.test("probe() leaves nothing behind after many conversations of every kind", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const issue = createIssuer(openssl, t.testdir());
  const issuer = await issue({ name: "ca", keyType: "p256" });
  const certificate = await issue({ name: "server", keyType: "p256", issuer });
  const tls = await startOpensslServer(openssl, certificate, []);
  t.teardown(() => tls.process.stop());
  const closing = await scripted(t, (socket) => socket.once("data", () => socket.end()));
  const silent = await scripted(t, (socket) => socket.on("data", () => undefined));
  const before = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  const outcomes = await Promise.all(
    Array.from({ length: 30 }, (_, index) => {
      const server = [tls, closing, silent][index % 3] ?? tls;
      return probeLoopback(server.port, { timeoutMs: server === silent ? 100 : 10_000 });
    }),
  );
  t.equal(outcomes.filter(({ outcome }) => outcome === "complete").length, 10);
  await Promise.all([closing.idle(), silent.idle()]);
  const after = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  t.ok(after <= before, "no timer is left");
});

t.test("probe() completes when the server's bytes come one by one", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const issue = createIssuer(openssl, t.testdir());
  const issuer = await issue({ name: "ca", keyType: "p256" });
  const certificate = await issue({ name: "server", keyType: "p256", issuer });
  for (const version of ["-tls1_3", "-tls1_2"]) {
    const tls = await startOpensslServer(openssl, certificate, [version]);
    t.teardown(() => tls.process.stop());
    const relay = await startDripRelay(tls.port, 1);
    t.teardown(() => relay.close());
    const handshake = await probeLoopback(relay.port);
    t.equal(handshake.outcome, "complete", handshake.failure?.message ?? "");
  }
});

t.test("probe() waits for the rest of a refusal of which a part has come", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const certificate = await createIssuer(openssl, t.testdir())({ name: "server", keyType: "p256" });
  const tls = await startOpensslServer(openssl, certificate, ["-tls1_3", "-Verify", "1"]);
  t.teardown(() => tls.process.stop());
  const refusing = (rest: (client: Socket, bytes: Buffer) => void) =>
    scripted(t, (client) => {
      let flights = 0;
      const server = connect(tls.port, "127.0.0.1");
      client.on("data", (chunk) => {
        flights++;
        server.write(chunk);
      });
      client.on("close", () => server.destroy());
      server.on("error", () => client.destroy());
      server.on("data", (chunk: Buffer) => {
        if (flights < 2) client.write(chunk);
        else {
          client.write(chunk.subarray(0, 3));
          rest(client, chunk.subarray(3));
        }
      });
    });
  const slow = await refusing((client, bytes) => setTimeout(() => client.write(bytes), 700));
  const patient = await probeLoopback(slow.port);
  t.equal(patient.failure?.code, "client-certificate-required");
  t.equal(patient.alerts.at(-1)?.description, "certificate_required");

  const stuck = await refusing(() => undefined);
  const settled = await probeLoopback(stuck.port);
  t.equal(
    settled.outcome,
    "complete",
    "the rest never comes, which no probe waits for without end",
  );
  await stuck.idle();
});

t.test("probe() keeps the chain when the flight is cut after it", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const issue = createIssuer(openssl, t.testdir());
  const issuer = await issue({ name: "ca", keyType: "p256" });
  const certificate = await issue({ name: "server", keyType: "rsa", issuer });
  const tls = await startOpensslServer(openssl, certificate, ["-tls1_2"]);
  t.teardown(() => tls.process.stop());
  const whole = await probeLoopback(tls.port);
  const relay = await scripted(t, (client) => {
    const server = connect(tls.port, "127.0.0.1");
    client.on("data", (chunk) => server.write(chunk));
    client.on("close", () => server.destroy());
    server.on("error", () => client.destroy());
    server.once("data", (chunk: Buffer) => client.end(chunk.subarray(0, 1_000)));
  });
  const cut = await probeLoopback(relay.port);
  t.equal(cut.stage, "certificate");
  t.equal(cut.failure?.code, "connection-closed");
  t.same(cut.certificates, whole.certificates);
  t.equal(cut.signatureScheme, null);
});
