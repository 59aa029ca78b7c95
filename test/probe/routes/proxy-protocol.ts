import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import t from "tap";
import { addressBytes } from "../../../src/probe/routes/address-bytes.ts";
import { proxyProtocolHeader } from "../../../src/probe/routes/proxy-protocol.ts";
import { DIRECT } from "../../../src/probe/routes/route.ts";
import { probe } from "../../../src/probe/probe.ts";
import { createIssuer } from "../../lab/openssl.ts";
import { freePort, startProcess } from "../../lab/process.ts";
import { startScriptedServer } from "../../lab/tcp.ts";
import { requireTool } from "../../tools.ts";

const run = promisify(execFile);

/** Resolves when something accepts connections on both loopback addresses. */
async function untilAccepting(port: number): Promise<void> {
  for (const host of ["127.0.0.1", "::1"])
    for (;;) {
      const socket = connect(port, host);
      const accepted = await once(socket, "connect").then(
        () => true,
        () => false,
      );
      socket.destroy();
      if (accepted) break;
      await sleep(20);
    }
}

t.test("proxyProtocolHeader() writes version 1", async (t) => {
  const line = (from?: string, to?: string): string =>
    Buffer.from(
      proxyProtocolHeader("v1", { address: from, port: 4711 }, { address: to, port: 443 }),
    ).toString();
  t.equal(line("192.0.2.1", "192.0.2.2"), "PROXY TCP4 192.0.2.1 192.0.2.2 4711 443\r\n");
  t.equal(line("fe80::1%eth0", "2001:db8::2"), "PROXY TCP6 fe80::1 2001:db8::2 4711 443\r\n");
  t.equal(line("::ffff:192.0.2.1", "192.0.2.2"), "PROXY TCP4 192.0.2.1 192.0.2.2 4711 443\r\n");
  t.equal(line("192.0.2.1", "2001:db8::2"), "PROXY UNKNOWN\r\n");
  t.equal(line(undefined, "service.example"), "PROXY UNKNOWN\r\n");
});

t.test("proxyProtocolHeader() writes version 2", async (t) => {
  const header = (from?: string, to?: string): string =>
    Buffer.from(
      proxyProtocolHeader("v2", { address: from, port: 4711 }, { address: to, port: 443 }),
    ).toString("hex");
  const signature = "0d0a0d0a000d0a515549540a";
  t.equal(header("192.0.2.1", "192.0.2.2"), `${signature}2111000cc0000201c0000202126701bb`);
  t.equal(
    header("2001:db8::1", "::1"),
    `${signature}2121002420010db8000000000000000000000001${"0".repeat(31)}1126701bb`,
  );
  t.equal(header("192.0.2.1", "::1"), `${signature}20000000`);
});

t.test("addressBytes() reads every spelling of an address", async (t) => {
  const hex = (text: string): string | null => {
    const bytes = addressBytes(text);
    return bytes === null ? null : Buffer.from(bytes).toString("hex");
  };
  t.equal(hex("127.0.0.1"), "7f000001");
  t.equal(hex("::"), "0".repeat(32));
  t.equal(hex("1:2:3:4:5:6:7:8"), "00010002000300040005000600070008");
  t.equal(hex("fe80::1%3"), `fe80${"0".repeat(27)}1`);
  t.equal(hex("::ffff:192.0.2.1"), "00000000000000000000ffffc0000201");
  t.equal(hex("1::"), `0001${"0".repeat(28)}`);
  t.equal(hex("localhost"), null);
});

t.test("probe() announces itself to haproxy", async (t) => {
  const openssl = requireTool(t, "openssl");
  const haproxy = requireTool(t, "haproxy");
  if (openssl === undefined || haproxy === undefined) return;
  const directory = t.testdir();
  const issue = createIssuer(openssl, directory);
  const ca = await issue({ name: "ca", keyType: "p256" });
  const { certificate, key } = await issue({ name: "server", keyType: "p256", issuer: ca });
  const bundle = join(directory, "bundle.pem");
  writeFileSync(bundle, `${readFileSync(certificate, "utf8")}${readFileSync(key, "utf8")}`);
  const behind = await startScriptedServer((socket) => socket.on("end", () => socket.end()));
  t.teardown(() => behind.close());
  const port = await freePort();
  const configuration = join(directory, "haproxy.cfg");
  writeFileSync(
    configuration,
    `global
  log stdout format raw local0
defaults
  mode tcp
  log global
  log-format "from %ci:%cp to %fi:%fp end"
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend tls
  bind 127.0.0.1:${port} ssl crt ${bundle} accept-proxy
  bind [::1]:${port} ssl crt ${bundle} accept-proxy
  default_backend behind
backend behind
  server one 127.0.0.1:${behind.port}
`,
  );
  await run(haproxy, ["-c", "-f", configuration]);
  const server = startProcess(haproxy, ["-db", "-V", "-f", configuration]);
  t.teardown(() => server.stop());
  // It says what it is about to do before it listens.
  await untilAccepting(port);
  const endpoint = { scheme: "tls", host: "localhost", port } as const;
  for (const proxyProtocol of ["v1", "v2"] as const)
    for (const [address, source] of [
      ["127.0.0.1", "127.0.0.2"],
      ["::1", null],
    ] as const) {
      const record = await probe(endpoint, {
        address,
        route: { ...DIRECT, proxyProtocol, source },
      });
      const { outcome, failure } = record;
      t.equal(outcome, "complete", failure?.message ?? `${proxyProtocol} ${address}`);
      if (outcome !== "complete") continue;
      const from = (source ?? address).replaceAll(".", "\\.");
      await server.waitFor(new RegExp(`from ${from}:\\d+ to ${address}:${port} end`));
    }
  const silent = await probe(endpoint, { address: "127.0.0.1" });
  t.equal(silent.outcome, "failed", "haproxy waits for the header and gets a hello");
});
