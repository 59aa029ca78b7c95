import { execFile } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer } from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import t, { type Test } from "tap";
import { settleClientAuth } from "../../src/probe/client-auth.ts";
import type { ClientAuth } from "../../src/probe/client-auth-record.ts";
import type { Handshake } from "../../src/probe/handshake.ts";
import { probe } from "../../src/probe/probe.ts";
import { type ClientCertificate, configuredKeyring } from "../../src/probe/tls/client-options.ts";
import type { HelloShape } from "../../src/probe/tls/hello-shape.ts";
import { singleHello } from "../../src/probe/tls/single-hello.ts";
import { Version } from "../../src/probe/tls/versions.ts";
import { readPemBlocks } from "../../src/x509/pem.ts";
import { startGnutlsServer } from "../lab/gnutls.ts";
import { createIssuer, type IssuedCertificate, startOpensslServer } from "../lab/openssl.ts";
import { freePort, startProcess } from "../lab/process.ts";
import { listening } from "../lab/proxies.ts";
import { requireTool } from "../tools.ts";
import { javaHomes } from "../truststore/java-peers.ts";

const run = promisify(execFile);
const jsseServer = fileURLToPath(new URL("jsse-server.java", import.meta.url));

interface Lab {
  readonly openssl: string;
  readonly directory: string;
  readonly ca: IssuedCertificate;
  readonly server: IssuedCertificate;
  readonly client: ClientCertificate;
}

async function lab(t: Test): Promise<Lab | undefined> {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return undefined;
  const directory = t.testdir();
  const issue = createIssuer(openssl, directory);
  const ca = await issue({ name: "ca", keyType: "p256" });
  const server = await issue({ name: "server", keyType: "p256", issuer: ca });
  const { certificate, key } = await issue({ name: "client", keyType: "p256", issuer: ca });
  const blocks = readPemBlocks(readFileSync(certificate, "utf8"));
  const chain = blocks.ok ? blocks.value.map(({ der }) => der) : [];
  const client = { chain, key: createPrivateKey(readFileSync(key)) };
  return { openssl, directory, ca, server, client };
}

/** What is found out about a server with a certificate and without one, and how many connections that took. */
async function states(
  port: number,
  client: ClientCertificate,
  shape?: HelloShape,
): Promise<Readonly<Record<"with" | "without", readonly [ClientAuth | null, number]>>> {
  const once = (keyring?: ReturnType<typeof configuredKeyring>): Promise<Handshake> =>
    probe({ scheme: "tls", host: "localhost", port }, { address: "127.0.0.1", keyring, shape });
  const settled = async (
    first: Handshake,
  ): Promise<readonly [state: ClientAuth | null, connections: number]> => {
    let connections = 1;
    const { clientAuth } = await settleClientAuth(first, () => {
      connections++;
      return once();
    });
    return [clientAuth, connections];
  };
  return {
    without: await settled(await once()),
    with: await settled(await once(configuredKeyring(client))),
  };
}

const EXPECTED: Readonly<Record<ClientAuth, Awaited<ReturnType<typeof states>>>> = {
  none: { without: ["none", 1], with: ["none", 1] },
  optional: { without: ["optional", 1], with: ["optional", 2] },
  required: { without: ["required", 1], with: ["required", 2] },
};

t.test("settleClientAuth() tells what openssl s_server wants", async (t) => {
  const here = await lab(t);
  if (here === undefined) return;
  const verify = ["-CAfile", here.ca.certificate, "-verify_return_error"];
  const options = {
    none: [],
    optional: [...verify, "-verify", "1"],
    required: [...verify, "-Verify", "1"],
  };
  for (const [version, shape] of [
    ["-tls1_3", undefined],
    ["-tls1_2", undefined],
    ["-tls1_1", singleHello({ version: Version.tls11 })],
    ["-tls1", singleHello({ version: Version.tls10 })],
  ] as const)
    for (const wish of ["none", "optional", "required"] as const) {
      const old = shape === undefined ? [] : ["-cipher", "DEFAULT:@SECLEVEL=0"];
      const { port, process } = await startOpensslServer(here.openssl, here.server, [
        version,
        ...old,
        ...options[wish],
      ]);
      t.same(await states(port, here.client, shape), EXPECTED[wish], `${version} ${wish}`);
      await process.stop();
    }
});

t.test("settleClientAuth() sees a verdict behind many tickets", async (t) => {
  const here = await lab(t);
  if (here === undefined) return;
  const options = ["-tls1_3", "-num_tickets", "60", "-CAfile", here.ca.certificate, "-verify", "1"];
  const { port, process } = await startOpensslServer(here.openssl, here.server, options);
  t.teardown(() => process.stop());
  t.same(await states(port, here.client), EXPECTED.optional);
});

t.test("settleClientAuth() tells what gnutls-serv wants", async (t) => {
  const gnutls = requireTool(t, "gnutlsServ");
  const here = gnutls === undefined ? undefined : await lab(t);
  if (gnutls === undefined || here === undefined) return;
  const authority = ["--x509cafile", here.ca.certificate];
  const options = {
    none: ["--disable-client-cert"],
    optional: authority,
    required: [...authority, "--require-client-cert", "--verify-client-cert"],
  };
  for (const wish of ["none", "optional", "required"] as const) {
    const { port, process } = await startGnutlsServer(gnutls, here.server, options[wish]);
    t.same(await states(port, here.client), EXPECTED[wish], wish);
    await process.stop();
  }
});

t.test("settleClientAuth() tells what a Node server wants", async (t) => {
  const here = await lab(t);
  if (here === undefined) return;
  const options = {
    none: {},
    optional: { requestCert: true, rejectUnauthorized: false },
    required: { requestCert: true, rejectUnauthorized: true },
  };
  for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const)
    for (const wish of ["none", "optional", "required"] as const) {
      const server = createServer(
        {
          cert: readFileSync(here.server.certificate),
          key: readFileSync(here.server.key),
          ca: readFileSync(here.ca.certificate),
          maxVersion,
          ...options[wish],
        },
        (socket) => socket.on("error", () => undefined).resume(),
      );
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      t.same(await states(port, here.client), EXPECTED[wish], `${maxVersion} ${wish}`);
      await new Promise((resolve) => server.close(resolve));
    }
});

t.test("settleClientAuth() tells what nginx wants during the handshake", async (t) => {
  const nginx = requireTool(t, "nginx");
  const here = nginx === undefined ? undefined : await lab(t);
  if (nginx === undefined || here === undefined) return;
  const ports = { off: await freePort(), optional: await freePort(), on: await freePort() };
  const configuration = join(here.directory, "nginx.conf");
  const blocks = Object.entries(ports).map(
    ([wish, port]) => `server { listen 127.0.0.1:${port} ssl; ssl_verify_client ${wish}; }`,
  );
  writeFileSync(
    configuration,
    `daemon off; master_process off; pid ${here.directory}/nginx.pid; error_log stderr;
events {}
http {
  access_log off;
  ssl_certificate ${here.server.certificate}; ssl_certificate_key ${here.server.key};
  ssl_client_certificate ${here.ca.certificate};
  ${blocks.join("\n  ")}
}
`,
  );
  const running = startProcess(nginx, ["-c", configuration, "-p", here.directory]);
  t.teardown(() => running.stop());
  await listening(ports.on, running);
  t.same(await states(ports.off, here.client), EXPECTED.none);
  t.same(await states(ports.optional, here.client), EXPECTED.optional);
  t.same(await states(ports.on, here.client), EXPECTED.optional, "it refuses in HTTP, with 400");
});

for (const { java, release } of javaHomes().filter((home) => home.release >= 17))
  t.test(`settleClientAuth() tells what a server of Java ${release} wants`, async (t) => {
    const [javac, keytool] = [requireTool(t, "javac"), requireTool(t, "keytool")];
    const here = javac === undefined ? undefined : await lab(t);
    if (javac === undefined || keytool === undefined || here === undefined) return;
    const store = join(here.directory, "server.p12");
    const { certificate, key } = here.server;
    const access = ["-passout", "pass:changeit", "-out", store];
    await run(javac, ["-d", here.directory, jsseServer]);
    await run(here.openssl, ["pkcs12", "-export", "-in", certificate, "-inkey", key, ...access]);
    const anchor = ["-alias", "ca", "-file", here.ca.certificate];
    const keystore = ["-keystore", store, "-storepass", "changeit"];
    await run(keytool, ["-importcert", "-noprompt", ...anchor, ...keystore]);
    const wishes = { optional: "want", required: "need" } as const;
    for (const [wish, word] of Object.entries(wishes) as readonly (readonly [ClientAuth, string])[])
      for (const protocol of ["TLSv1.2", "TLSv1.3"]) {
        const options = ["-cp", here.directory, "JsseServer", store, "changeit", word, protocol];
        const server = startProcess(java, options);
        const [, port] = await server.waitFor(/PORT (\d+)/);
        t.same(await states(Number(port), here.client), EXPECTED[wish], `${word} ${protocol}`);
        await server.stop();
      }
  });
