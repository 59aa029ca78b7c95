import { connect } from "node:net";
import t from "tap";
import { type Step, TlsClient } from "../../src/probe/tls/client.ts";
import type { EngineEvent } from "../../src/probe/tls/events.ts";
import { createIssuer, startOpensslServer } from "../lab/openssl.ts";
import { requireTool } from "../tools.ts";

t.test("TlsClient reads tickets and changes of keys of openssl s_server", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const certificate = await createIssuer(openssl, t.testdir())({ name: "server", keyType: "p256" });
  const server = await startOpensslServer(openssl, certificate, [
    "-tls1_3",
    "-state",
    "-max_early_data",
    "4096",
    "-early_data",
  ]);
  const engine = new TlsClient({ readsOn: true });
  const events: EngineEvent[] = [];
  const socket = connect(server.port, "127.0.0.1");
  const act = ({ output, events: fresh }: Step): void => {
    events.push(...fresh);
    if (output !== null) socket.write(output);
    if (engine.ended) socket.end();
  };
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("connect", () => act(engine.start()));
  socket.on("data", (chunk: Buffer) => act(engine.receive(chunk)));
  socket.on("end", () => act(engine.hangUp("closed")));
  await server.process.waitFor(/Secure Renegotiation/);
  // A capital letter asks the client to change its keys as well.
  server.process.child.stdin?.write("K\n");
  await server.process.waitFor(/read client key update/);
  server.process.child.stdin?.write("k\n");
  await server.process.waitFor(/write server key update[^]*write server key update/);
  server.process.child.stdin?.write("data under the third keys\n");
  await closed;
  t.match(
    events.filter(({ kind }) => kind === "ticket"),
    Array.from({ length: 2 }, () => ({ ticket: { lifetime: 7200, maxEarlyData: 4096 } })),
  );
  t.match(events.slice(-2), [
    { kind: "end", by: "client", how: "close-notify" },
    { kind: "complete" },
  ]);
  await server.process.waitFor(/alert read:warning:close notify/);
  t.notMatch(server.process.output(), /alert (?:read|write):fatal/, "our keys were the right ones");
  await server.process.stop();
});
