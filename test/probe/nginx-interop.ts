import { configuredKeyring } from "../../src/probe/tls/client-options.ts";
import { createPrivateKey } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import t from "tap";
import { probe } from "../../src/probe/probe.ts";
import { readPemBlocks } from "../../src/x509/pem.ts";
import { createIssuer } from "../lab/openssl.ts";
import { freePort, startProcess } from "../lab/process.ts";
import { requireTool } from "../tools.ts";

/** Resolves once a port accepts connections. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("close", () => undefined);
      socket.once("connect", () => socket.destroy());
    });
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

t.test("probe() against nginx", async (t) => {
  const [nginx, openssl] = [requireTool(t, "nginx"), requireTool(t, "openssl")];
  if (nginx === undefined || openssl === undefined) return;
  const directory = t.testdir();
  const issue = createIssuer(openssl, directory);
  const ca = await issue({ name: "ca", keyType: "p256" });
  const rsa = await issue({ name: "rsa", keyType: "rsa", issuer: ca });
  const p256 = await issue({ name: "p256", keyType: "p256", issuer: ca });
  const [plain, wide, old, asking] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  mkdirSync(join(directory, "temp"));
  const certificates = [rsa, p256]
    .map(({ certificate, key }) => `ssl_certificate ${certificate}; ssl_certificate_key ${key};`)
    .join(" ");
  const server = (port: number, options: string): string =>
    `server { listen 127.0.0.1:${port} ssl; server_name localhost; ${certificates} ${options} return 200; }`;
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((what) => `${what}_temp_path ${directory}/temp;`)
    .join(" ");
  writeFileSync(
    join(directory, "nginx.conf"),
    `daemon off; master_process off; pid ${directory}/nginx.pid; error_log ${directory}/error.log info;
    events { worker_connections 64; }
    http {
      access_log off; ${temporary}
      server { listen 127.0.0.1:${plain}; return 200; }
      ${server(wide, "ssl_protocols TLSv1.2 TLSv1.3;")}
      ${server(old, "ssl_protocols TLSv1.2; ssl_ciphers ECDHE-RSA-CHACHA20-POLY1305;")}
      ${server(asking, `ssl_verify_client on; ssl_client_certificate ${ca.certificate};`)}
    }`,
  );
  const process = startProcess(nginx, ["-p", directory, "-c", join(directory, "nginx.conf")]);
  t.teardown(() => process.stop());
  await Promise.all([plain, wide, old, asking].map(listening));
  const to = (port: number) => ({ scheme: "https", host: "localhost", port }) as const;
  const options = { address: "127.0.0.1", alpn: ["http/1.1"] };

  await t.test("probe() completes TLS 1.3", async (t) => {
    const handshake = await probe(to(wide), options);
    t.match(handshake, { outcome: "complete", version: "TLSv1.3", alpn: "http/1.1" });
    t.equal(handshake.certificates.length, 1);
  });

  await t.test("probe() completes TLS 1.2", async (t) => {
    t.match(await probe(to(old), options), {
      outcome: "complete",
      version: "TLSv1.2",
      cipherSuite: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    });
  });

  await t.test("probe() names a plain port", async (t) => {
    const handshake = await probe(to(plain), options);
    t.match(handshake.failure, { code: "not-tls", message: /^Peer speaks HTTP, not TLS/ });
  });

  await t.test(
    "probe() completes with a server that refuses in HTTP what it asked for in TLS",
    async (t) => {
      t.match(await probe(to(asking), options), {
        outcome: "complete",
        clientCertificateRequested: true,
      });
    },
  );

  await t.test("probe() authenticates", async (t) => {
    const blocks = readPemBlocks(readFileSync(p256.certificate, "utf8"));
    const chain = blocks.ok ? blocks.value.map(({ der }) => der) : [];
    const key = createPrivateKey(readFileSync(p256.key));
    const handshake = await probe(to(asking), {
      ...options,
      keyring: configuredKeyring({ chain, key }),
    });
    t.equal(handshake.outcome, "complete");
  });

  await t.test("probe() says goodbye so that nginx has nothing to complain about", async (t) => {
    for (const port of [wide, old]) await probe(to(port), options);
    const log = readFileSync(join(directory, "error.log"), "utf8");
    t.notMatch(log, /SSL_do_handshake|SSL_read|peer closed connection in SSL handshake/);
  });
});
