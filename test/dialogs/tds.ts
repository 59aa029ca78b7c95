import { spawn } from "node:child_process";
import { once } from "node:events";
import t from "tap";
import type { TLSSocket } from "node:tls";
import { TdsFraming } from "../../src/probe/dialogs/tds-framing.ts";
import { startTds, type TdsOptions } from "../lab/servers/tds.ts";
import { startDripRelay } from "../lab/tcp.ts";
import { requireTool } from "../tools.ts";
import { createLab, probeLocal } from "./lab.ts";
import { latin1 } from "./scripts.ts";

const LOGIN7 = 0x10;

t.test("probe() speaks TLS inside TDS", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const { identity, chain } = await createLab(t, openssl);

  const configurations: Readonly<Record<string, Omit<TdsOptions, "identity">>> = {
    "TLS 1.2": { version: "TLSv1.2" },
    "TLS 1.3": { version: "TLSv1.3" },
    "small packets": { version: "TLSv1.2", packetSize: 64 },
    "small packets and TLS 1.3": { version: "TLSv1.3", packetSize: 64 },
    "encryption of the login alone": { encryption: "off" },
    "forced encryption": { encryption: "required" },
    "a request for a client certificate": { version: "TLSv1.2", requestCertificate: true },
    "a request for a client certificate and TLS 1.3": {
      version: "TLSv1.3",
      requestCertificate: true,
    },
  };
  for (const [what, options] of Object.entries(configurations))
    await t.test(`probe() finds the chain of a server with ${what}`, async (t) => {
      const seen: { readonly bytes: Uint8Array; readonly tls: TLSSocket }[] = [];
      const server = await startTds({
        ...options,
        identity,
        onLogin: (bytes, tls) => seen.push({ bytes, tls }),
      });
      t.teardown(() => server.stop());
      const relay = await startDripRelay(server.ports.mssql ?? 0, 1);
      t.teardown(() => relay.close());
      for (const port of [server.ports.mssql ?? 0, relay.port]) {
        const handshake = await probeLocal("mssql", port);
        t.equal(handshake.outcome, "complete", handshake.failure?.message ?? "complete");
        t.same(handshake.certificates, chain);
        t.equal(handshake.version, options.version ?? "TLSv1.3");
        t.equal(handshake.clientCertificateRequested, options.requestCertificate === true);
        t.match(handshake.dialog, [
          { direction: "sent", text: "PRELOGIN, ENCRYPT_ON" },
          { direction: "received", text: /^PRELOGIN, ENCRYPT_(?:ON|OFF|REQ)$/ },
        ]);
      }
      // the server itself found the handshake in order, and nothing but a goodbye behind it
      t.equal(seen.length, 2);
      for (const { bytes, tls } of seen) {
        t.equal(bytes.length, 0);
        t.equal(tls.getProtocol(), options.version ?? "TLSv1.3");
      }
    });

  await t.test("probe() says that a server does not offer TLS", async (t) => {
    const server = await startTds({ identity, encryption: "notSupported" });
    t.teardown(() => server.stop());
    t.match(await probeLocal("mssql", server.ports.mssql ?? 0), {
      stage: "connect",
      failure: { code: "upgrade-refused", message: /ENCRYPT_NOT_SUP/ },
    });
  });

  await t.test("FreeTDS takes the server of these tests for SQL Server", async (t) => {
    const tsql = requireTool(t, "tsql");
    if (tsql === undefined) return;
    const logins: { readonly type: number | undefined; readonly version: string | null }[] = [];
    const server = await startTds({
      identity,
      version: "TLSv1.2",
      onLogin: (bytes, tls) => logins.push({ type: bytes[0], version: tls.getProtocol() }),
    });
    t.teardown(() => server.stop());
    const client = spawn(
      tsql,
      ["-H", "127.0.0.1", "-p", String(server.ports.mssql), "-U", "lab", "-P", "lab"],
      { stdio: "ignore", env: { ...process.env, TDSVER: "7.4" } },
    );
    await once(client, "close");
    t.ok(logins.length > 0, "it logged in");
    for (const login of logins) t.same(login, { type: LOGIN7, version: "TLSv1.2" });
  });
});

const packet = (content: string): string =>
  `\x12\x01\0${String.fromCharCode(8 + content.length)}\0\0\x01\0${content}`;

t.test("TdsFraming unwraps packets that are cut anywhere", async (t) => {
  const bytes = latin1(packet("\x16\x03\x03\0\x02ab") + packet("") + packet("\x16\x03\x03\0\x01c"));
  for (let at = 0; at <= bytes.length; at++) {
    const framing = new TdsFraming();
    const parts = [bytes.subarray(0, at), bytes.subarray(at)].map((part) => framing.open(part));
    const opened = parts.map((part) =>
      part.ok ? Buffer.from(part.value).toString("latin1") : "!",
    );
    t.equal(opened.join(""), "\x16\x03\x03\0\x02ab\x16\x03\x03\0\x01c", `cut at ${at}`);
  }
});

t.test("TdsFraming refuses what is neither a packet nor a record", async (t) => {
  const framing = new TdsFraming();
  t.match(framing.open(latin1("HTTP/1.1 400")), {
    ok: false,
    error: { code: "malformed-message" },
  });
  t.match(new TdsFraming().open(latin1("\x12\x01\0\x07\0\0\0\0")), { ok: false });
});

t.test("TdsFraming leaves the packets where each version of TLS does", async (t) => {
  const hello = latin1("\x16\x03\x01\0\x01h");
  const flight12 = latin1("\x16\x03\x03\0\x01k\x14\x03\x03\0\x01\x01\x16\x03\x03\0\x01f");
  const goodbye = latin1("\x15\x03\x03\0\x01g");
  const isWrapped = (bytes: Uint8Array): boolean => bytes[0] === 0x12;

  const old = new TdsFraming();
  t.ok(isWrapped(old.seal(hello)));
  old.open(latin1(packet("\x16\x03\x03\0\x01s")));
  t.ok(isWrapped(old.seal(flight12)));
  old.open(latin1(packet("\x14\x03\x03\0\x01\x01\x16\x03\x03\0\x01f")));
  t.notOk(isWrapped(old.seal(goodbye)), "TLS 1.2: behind the server's Finished");

  const retried = new TdsFraming();
  retried.seal(hello);
  retried.open(latin1(packet("\x16\x03\x03\0\x01r\x14\x03\x03\0\x01\x01")));
  t.ok(isWrapped(retried.seal(latin1("\x14\x03\x03\0\x01\x01\x16\x03\x03\0\x01h"))));
  retried.open(latin1(packet("\x16\x03\x03\0\x01s\x17\x03\x03\0\x01e")));
  t.ok(isWrapped(retried.seal(latin1("\x17\x03\x03\0\x01f"))), "TLS 1.3: the client's Finished");
  t.notOk(isWrapped(retried.seal(goodbye)), "TLS 1.3: behind it");
  t.same(retried.open(goodbye), { ok: true, value: Buffer.from(goodbye) }, "bare records pass");
});
