import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import t, { type Test } from "tap";
import { WebSocketServer } from "ws";
import type { RequestPlan } from "../../src/probe/follow-up/request-record.ts";
import type { Endpoint, Handshake } from "../../src/probe/handshake.ts";
import { probe, type ProbeOptions } from "../../src/probe/probe.ts";
import { DIRECT } from "../../src/probe/routes/route.ts";
import { configuredKeyring } from "../../src/probe/tls/client-options.ts";
import { createIssuer, type IssuedCertificate } from "../lab/openssl.ts";
import { freePort, startProcess } from "../lab/process.ts";
import { listening, startTinyproxy } from "../lab/proxies.ts";
import { requireTool } from "../tools.ts";

interface Lab {
  readonly directory: string;
  readonly ca: IssuedCertificate;
  readonly server: IssuedCertificate;
  readonly client: IssuedCertificate;
}

async function lab(t: Test): Promise<Lab | undefined> {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return undefined;
  const directory = t.testdir();
  const issue = createIssuer(openssl, directory);
  const ca = await issue({ name: "ca", keyType: "p256" });
  return {
    directory,
    ca,
    server: await issue({ name: "server", keyType: "p256", issuer: ca }),
    client: await issue({ name: "client", keyType: "p256", issuer: ca }),
  };
}

const plan = (path: string, different: Partial<RequestPlan> = {}): RequestPlan => ({
  method: "HEAD",
  path,
  expectStatus: [],
  headers: {},
  ...different,
});

const ask = (
  port: number,
  request: RequestPlan,
  { scheme = "https", ...options }: ProbeOptions & { readonly scheme?: Endpoint["scheme"] } = {},
): Promise<Handshake> =>
  probe({ scheme, host: "localhost", port }, { address: "127.0.0.1", request, ...options });

t.test("probe() makes a request to nginx after the handshake", async (t) => {
  const nginx = requireTool(t, "nginx");
  const here = nginx === undefined ? undefined : await lab(t);
  if (nginx === undefined || here === undefined) return;
  const { directory, ca, server, client } = here;
  const [plain, strict] = [await freePort(), await freePort()];
  const configuration = join(directory, "nginx.conf");
  const certificate = `ssl_certificate ${server.certificate}; ssl_certificate_key ${server.key};`;
  writeFileSync(
    configuration,
    `daemon off; master_process off; pid ${directory}/nginx.pid; error_log stderr;
events {}
http {
  access_log off;
  server {
    listen 127.0.0.1:${plain} ssl; server_name localhost; ${certificate}
    add_header Strict-Transport-Security "max-age=600" always;
    location = /moved { return 301 https://www.example.com/\u{e9}lsewhere; }
    location = /broken { return 503; }
    location = /echo { return 200 "$http_host $http_x_probe"; add_header X-Echo "$http_host"; }
    location / { return 204; }
  }
  server {
    listen 127.0.0.1:${strict} ssl; server_name localhost; ${certificate}
    ssl_client_certificate ${ca.certificate}; ssl_verify_client on;
    location / { return 204; }
  }
}
`,
  );
  const running = startProcess(nginx, ["-c", configuration, "-p", directory]);
  t.teardown(() => running.stop());
  await listening(plain, running);

  const fine = await ask(plain, plan("/"));
  t.equal(fine.outcome, "complete");
  t.match(fine.request, {
    method: "HEAD",
    path: "/",
    status: 204,
    reason: "No Content",
    strictTransportSecurity: "max-age=600",
    server: /^nginx/,
    location: null,
    failure: null,
  });
  t.ok((fine.request?.timeMs ?? 0) > 0);
  const moved = await ask(plain, plan("/moved", { method: "GET" }));
  t.match(moved.request, {
    method: "GET",
    status: 301,
    location: /^https:\/\/www\.example\.com\//,
  });
  t.match((await ask(plain, plan("/broken"))).request, { status: 503 });
  const echo = await ask(plain, plan("/echo", { method: "GET", headers: { "x-probe": "me" } }));
  t.equal(echo.request?.status, 200);

  const refused = await ask(strict, plan("/"));
  t.match(refused, {
    outcome: "complete",
    clientAuth: "optional",
    request: { status: 400 },
  });
  const chain = [new X509Certificate(readFileSync(client.certificate)).raw];
  const key = createPrivateKey(readFileSync(client.key));
  const accepted = await ask(strict, plan("/"), { keyring: configuredKeyring({ chain, key }) });
  t.match(accepted.request, { status: 204 }, "the certificate that was shown is shown again");

  const tinyproxy = requireTool(t, "tinyproxy");
  if (tinyproxy === undefined) return;
  const proxy = await startTinyproxy(tinyproxy, directory, { connectPorts: [plain] });
  t.teardown(() => proxy.process.stop());
  const place = { host: "127.0.0.1", port: proxy.port, credentials: null, anchors: null };
  const route = { ...DIRECT, proxy: { kind: "http", ...place } } as const;
  const proxied = await ask(plain, plan("/"), { route, address: undefined });
  t.match(proxied, { proxy: { reply: { status: 200 } }, request: { status: 204 } });
});

t.test("probe() asks for an upgrade with wss", async (t) => {
  const here = await lab(t);
  if (here === undefined) return;
  const server = createServer({
    cert: readFileSync(here.server.certificate),
    key: readFileSync(here.server.key),
  });
  const sockets = new WebSocketServer({ server, path: "/live" });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    sockets.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  t.match((await ask(port, plan("/live"), { scheme: "wss" })).request, {
    method: "upgrade",
    status: 101,
    reason: "Switching Protocols",
    failure: null,
  });
  t.match((await ask(port, plan("/other"), { scheme: "wss" })).request, { status: 400 });
});

t.test("probe() keeps the facts when no answer comes, and leaves no socket", async (t) => {
  const here = await lab(t);
  if (here === undefined) return;
  const ends: Readonly<Record<string, (socket: TLSSocket) => void>> = {
    silence: () => {},
    hangup: (socket) => socket.end(),
    garbage: (socket) => socket.end("220 mail.example.com\r\n"),
    flood: (socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      const pour = (): void => {
        while (socket.writable && socket.write(`X-Filler: ${"y".repeat(60_000)}\r\n`));
      };
      socket.on("drain", pour);
      pour();
    },
    "odd words": (socket) => socket.end(`HTTP/1.1 200 \u001b[31m${"x".repeat(5000)}\r\n\r\n`),
  };
  for (const [name, behave] of Object.entries(ends)) {
    const open = new Set<TLSSocket>();
    const server = createTlsServer(
      {
        cert: readFileSync(here.server.certificate),
        key: readFileSync(here.server.key),
      },
      (socket) => {
        open.add(socket);
        socket.on("error", () => {}).on("close", () => open.delete(socket));
        socket.once("data", () => behave(socket));
      },
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    for (const scheme of ["https", "wss"] as const) {
      const record = await ask(port, plan("/"), {
        scheme,
        timeoutMs: name === "silence" ? 300 : 5000,
      });
      t.equal(record.outcome, "complete", name);
      t.ok(record.certificates.length > 0);
      if (name === "odd words") {
        t.equal(
          (record.request?.reason ?? record.request?.failure ?? "").includes("\u001b"),
          false,
        );
        t.ok((record.request?.reason?.length ?? 0) <= 200);
      } else {
        t.equal(record.request?.status, null, `${name} ${scheme}`);
        t.type(record.request?.failure, "string");
        if (name === "silence") t.match(record.request?.failure, /within 300 ms/);
      }
    }
    for (const socket of open)
      if (!socket.destroyed) await new Promise((done) => socket.once("close", done));
    await new Promise((resolve) => server.close(resolve));
  }
  const leave = new AbortController();
  leave.abort();
  const never = await probe(
    { scheme: "https", host: "127.0.0.1", port: 1 },
    { request: plan("/"), signal: leave.signal },
  );
  t.equal(never.request, null, "no request without a handshake");
});
