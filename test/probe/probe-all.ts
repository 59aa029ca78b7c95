import t from "tap";
import type { Handshake } from "../../src/probe/handshake.ts";
import { probeAll } from "../../src/probe/probe-all.ts";
import { startScriptedServer } from "../lab/tcp.ts";

async function collect(handshakes: AsyncIterable<Handshake>): Promise<readonly Handshake[]> {
  const all: Handshake[] = [];
  for await (const handshake of handshakes) all.push(handshake);
  return all;
}

t.test("probeAll() makes one record for every address of a host", async (t) => {
  const server = await startScriptedServer((socket) => socket.end("SSH-2.0-test\r\n"));
  t.teardown(() => server.close());
  const handshakes = await collect(
    probeAll({ scheme: "tls", host: "localhost", port: server.port }),
  );
  t.ok(handshakes.length >= 1);
  const addresses = handshakes.map(({ address }) => address);
  t.equal(new Set(addresses).size, addresses.length);
  t.ok(addresses.includes("127.0.0.1"));
  const ours = handshakes.find(({ address }) => address === "127.0.0.1");
  t.equal(ours?.failure?.code, "not-tls");
  t.not(ours?.phases.dns, null, "the time of the resolution is on record");
});

t.test("probeAll() dials another host and port but keeps the endpoint's name", async (t) => {
  const server = await startScriptedServer((socket) => socket.end("SSH-2.0-test\r\n"));
  t.teardown(() => server.close());
  const endpoint = { scheme: "https", host: "service.example", port: 443 } as const;
  const [handshake, ...rest] = await collect(
    probeAll(endpoint, { connectHost: "127.0.0.1", port: server.port }),
  );
  t.same(rest, []);
  t.match(handshake, {
    endpoint,
    serverName: "service.example",
    address: "127.0.0.1",
    dialledPort: server.port,
    phases: { dns: null },
  });
});

t.test("probeAll() yields one failed record for a name that does not resolve", async (t) => {
  const [handshake, ...rest] = await collect(
    probeAll({ scheme: "tls", host: "anchorwatch.invalid", port: 443 }),
  );
  t.same(rest, []);
  t.match(handshake, { outcome: "failed", stage: "start", failure: { code: "dns-failed" } });
});

t.test("probeAll() cancels what is left when the caller leaves", async (t) => {
  const server = await startScriptedServer((socket) => socket.on("data", () => undefined));
  t.teardown(() => server.close());
  const controller = new AbortController();
  const endpoint = { scheme: "tls", host: "127.0.0.1", port: server.port } as const;
  const pending = collect(probeAll(endpoint, { signal: controller.signal }));
  setTimeout(() => controller.abort(), 50);
  t.match(await pending, [{ failure: { code: "cancelled" } }]);
  await server.idle();
});
