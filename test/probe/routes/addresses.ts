import t from "tap";
import type { Handshake } from "../../../src/probe/handshake.ts";
import { probeAll, type ProbeAllOptions } from "../../../src/probe/probe-all.ts";
import { resolveAddresses } from "../../../src/probe/resolve.ts";
import { DIRECT, type Route } from "../../../src/probe/routes/route.ts";
import { startNameServer } from "../../lab/name-server.ts";
import { startScriptedServer } from "../../lab/tcp.ts";

const LOOPBACK_6 = "0000:0000:0000:0000:0000:0000:0000:0001";

const nameServer = () =>
  startNameServer({
    "both.example": { kind: "addresses", a: ["127.0.0.1", "127.0.0.2"], aaaa: [LOOPBACK_6] },
    "four.example": { kind: "addresses", a: ["127.0.0.1"], aaaa: [] },
    "six.example": { kind: "addresses", a: [], aaaa: [LOOPBACK_6] },
    "none.example": { kind: "addresses", a: [], aaaa: [] },
    "broken.example": { kind: "code", code: 2 },
    "refused.example": { kind: "code", code: 5 },
    "silent.example": { kind: "silent" },
  });

t.test("resolveAddresses() asks the resolvers that it is given", async (t) => {
  const server = await nameServer();
  t.teardown(() => server.close());
  const ask = (host: string, timeoutMs = 5000) =>
    resolveAddresses(host, { timeoutMs, resolvers: [server.address] });
  const answers: Readonly<Record<string, readonly string[]>> = {
    "both.example": ["127.0.0.1", "127.0.0.2", "::1"],
    "four.example": ["127.0.0.1"],
    "six.example": ["::1"],
    "192.0.2.7": ["192.0.2.7"],
  };
  for (const [host, value] of Object.entries(answers))
    t.same(await ask(host), { ok: true, value }, host);
  const failures: Readonly<Record<string, RegExp>> = {
    "none.example": /has no address/,
    "unknown.example": /does not exist/,
    "broken.example": /the resolver failed/,
    "refused.example": /refuses to answer/,
  };
  for (const [host, message] of Object.entries(failures))
    t.match(await ask(host), { ok: false, error: { code: "dns-failed", message } }, host);
  t.match(await ask("silent.example", 50), { error: { message: /No answer .* within 50 ms/ } });
});

t.test("resolveAddresses() frees the sockets of a resolver when it is cancelled", async (t) => {
  const server = await nameServer();
  t.teardown(() => server.close());
  const sockets = (): number =>
    process.getActiveResourcesInfo().filter((kind) => /DNSCHANNEL|QUERY|Timeout/i.test(kind))
      .length;
  const before = sockets();
  const leave = new AbortController();
  const pending = Promise.all(
    Array.from({ length: 20 }, () =>
      resolveAddresses("silent.example", {
        timeoutMs: 60_000,
        signal: leave.signal,
        resolvers: [server.address],
      }),
    ),
  );
  setTimeout(() => leave.abort(), 20);
  const answers = await pending;
  t.ok(answers.every((answer) => !answer.ok && answer.error.code === "cancelled"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.ok(sockets() <= before, "neither question nor timer is left");
});

const route = (different: Partial<Route>): Route => ({ ...DIRECT, ...different });

t.test("probeAll() keeps to the addresses that a route leads to", async (t) => {
  const names = await nameServer();
  t.teardown(() => names.close());
  const resolvers = [names.address];
  const server = await startScriptedServer((socket) => socket.end("SSH-2.0-test\r\n"), "::");
  t.teardown(() => server.close());
  const dialled = async (
    host: string,
    options: Partial<Route>,
    more: Partial<ProbeAllOptions> = {},
  ): Promise<readonly Handshake[]> => {
    const records: Handshake[] = [];
    const endpoint = { scheme: "tls", host, port: server.port } as const;
    for await (const record of probeAll(endpoint, {
      route: route({ resolvers, ...options }),
      ...more,
    }))
      records.push(record);
    return records;
  };
  const addresses = (records: readonly Handshake[]) => records.map(({ address }) => address);
  const all = await dialled("both.example", {});
  t.same(addresses(all), ["127.0.0.1", "127.0.0.2", "::1"]);
  t.ok(all.every(({ failure, phases }) => failure?.code === "not-tls" && phases.dns !== null));
  t.same(addresses(await dialled("both.example", { addresses: "one" })), ["127.0.0.1"]);
  t.same(addresses(await dialled("both.example", { source: "127.0.0.9" })), [
    "127.0.0.1",
    "127.0.0.2",
  ]);
  t.same(addresses(await dialled("both.example", { source: "::1" })), ["::1"]);
  const elsewhere = await dialled("service.example", {}, { connectHost: "six.example" });
  t.match(elsewhere, [{ address: "::1", serverName: "service.example" }]);
  t.match(await dialled("four.example", { source: "::1" }), [
    { failure: { code: "connect-unreachable", message: /no address of the family/ } },
  ]);
  t.match(await dialled("four.example", { source: "192.0.2.1" }), [
    { failure: { code: "connect-unreachable", message: /EADDRNOTAVAIL/ } },
  ]);
});

t.test("probeAll() connects from the source address", async (t) => {
  const sources: (string | undefined)[] = [];
  const server = await startScriptedServer((socket) => {
    sources.push(socket.remoteAddress);
    socket.end("SSH-2.0-test\r\n");
  });
  t.teardown(() => server.close());
  const endpoint = { scheme: "tls", host: "127.0.0.1", port: server.port } as const;
  for await (const record of probeAll(endpoint, { route: route({ source: "127.0.0.7" }) }))
    t.equal(record.failure?.code, "not-tls");
  t.same(sources, ["127.0.0.7"]);
});
