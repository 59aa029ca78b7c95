import { configuredKeyring } from "../../src/probe/tls/client-options.ts";
import { execFile } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import t from "tap";
import { probe, type ProbeOptions } from "../../src/probe/probe.ts";
import { ExtensionType } from "../../src/probe/tls/extensions.ts";
import { GROUPS } from "../../src/probe/tls/groups.ts";
import { WIDE_HELLO } from "../../src/probe/tls/hello-shape.ts";
import { readPemBlocks } from "../../src/x509/pem.ts";
import { createIssuer } from "../lab/openssl.ts";
import { type RunningProcess, startProcess } from "../lab/process.ts";
import { requireTool } from "../tools.ts";
import { javaHomes } from "../truststore/java-peers.ts";

const run = promisify(execFile);
const source = fileURLToPath(new URL("jsse-server.java", import.meta.url));

t.test("probe() against a Java server", async (t) => {
  const [java, openssl] = [requireTool(t, "java"), requireTool(t, "openssl")];
  const [javac, keytool] = [requireTool(t, "javac"), requireTool(t, "keytool")];
  if (java === undefined || javac === undefined) return;
  if (openssl === undefined || keytool === undefined) return;
  const directory = t.testdir();
  const issue = createIssuer(openssl, directory);
  const ca = await issue({ name: "ca", keyType: "p256" });
  const server = await issue({ name: "server", keyType: "rsa", issuer: ca });
  const client = await issue({ name: "client", keyType: "rsa", issuer: ca });
  const strangers = await issue({ name: "strangers", keyType: "p256" });
  const stranger = await issue({ name: "stranger", keyType: "p256", issuer: strangers });
  await run(javac, ["-d", directory, source]);
  const store = join(directory, "server.p12");
  const password = "changeit";
  await run(openssl, [
    "pkcs12",
    "-export",
    "-in",
    server.certificate,
    "-inkey",
    server.key,
    "-certfile",
    ca.certificate,
    "-passout",
    `pass:${password}`,
    "-out",
    store,
  ]);
  await run(keytool, [
    "-importcert",
    "-noprompt",
    "-alias",
    "ca",
    "-file",
    ca.certificate,
    "-keystore",
    store,
    "-storepass",
    password,
  ]);

  const servers = new Map<string, { readonly running: RunningProcess; served: number }>();

  /** The server with these options, started when it is asked for first: a virtual machine takes its time. */
  const serverFor = (runtime: string, ...options: readonly string[]) => {
    const command = [runtime, ...options].join(" ");
    const known = servers.get(command);
    if (known !== undefined) return known;
    const started = { running: startProcess(runtime, options), served: 0 };
    t.teardown(() => started.running.stop());
    servers.set(command, started);
    return started;
  };

  const handshake = async (
    options: readonly string[],
    clientAuthentication: "none" | "want" | "need",
    protocols: readonly string[],
    probeOptions: ProbeOptions = {},
    runtime = java,
  ) => {
    const server = serverFor(
      runtime,
      ...options,
      "-cp",
      directory,
      "JsseServer",
      store,
      password,
      clientAuthentication,
      ...protocols,
    );
    const [, port] = await server.running.waitFor(/PORT (\d+)/);
    const record = await probe(
      { scheme: "tls", host: "localhost", port: Number(port) },
      { address: "127.0.0.1", timeoutMs: 60_000, ...probeOptions },
    );
    const before = `(?:^(?:SERVED|FAILED) .*\n){${server.served++}}`;
    const [, seen = ""] = await server.running.waitFor(
      new RegExp(`${before}^((?:SERVED|FAILED) .*)$`, "m"),
    );
    return { record, seen };
  };

  const identityOf = ({ certificate, key }: typeof client) => {
    const blocks = readPemBlocks(readFileSync(certificate, "utf8"));
    return {
      chain: blocks.ok ? blocks.value.map(({ der }) => der) : [],
      key: createPrivateKey(readFileSync(key)),
    };
  };

  await t.test("probe() completes TLS 1.3", async (t) => {
    const { record, seen } = await handshake([], "none", ["TLSv1.3", "TLSv1.2"]);
    t.equal(record.outcome, "complete", record.failure?.message ?? "complete");
    t.equal(seen, `SERVED ${record.version} ${record.cipherSuite}`);
    t.equal(record.version, "TLSv1.3");
  });

  await t.test("probe() completes TLS 1.2", async (t) => {
    const { record, seen } = await handshake([], "none", ["TLSv1.2"]);
    t.equal(record.outcome, "complete", record.failure?.message ?? "complete");
    t.equal(seen, `SERVED ${record.version} ${record.cipherSuite}`);
    t.equal(record.version, "TLSv1.2");
  });

  await t.test("probe() follows a retry with a cookie", async (t) => {
    const { record, seen } = await handshake(["-Djdk.tls.namedGroups=secp384r1"], "none", [
      "TLSv1.3",
    ]);
    t.match(record, { outcome: "complete", group: "secp384r1" });
    t.equal(record.retry?.group, "secp384r1");
    t.ok((record.retry?.cookieLength ?? 0) > 0, "asks for its cookie");
    t.match(seen, /^SERVED TLSv1\.3/);
  });

  const groups = ["x25519", "secp256r1", "secp521r1", "x448", "ffdhe2048", "ffdhe3072"];
  for (const { release, java: ofRelease } of javaHomes())
    await t.test(`probe() agrees with Java ${release} in every group`, async (t) => {
      const options = [`-Djdk.tls.namedGroups=${groups.join()}`];
      for (const name of groups) {
        const group = GROUPS.find((candidate) => candidate.name === name);
        if (group === undefined) throw new Error(`${name} is missing`);
        const shape = { ...WIDE_HELLO, groups: [group.code], keyShares: [group.code] };
        const { record, seen } = await handshake(
          options,
          "none",
          ["TLSv1.3"],
          { shape },
          ofRelease,
        );
        t.equal(record.outcome, "complete", record.failure?.message ?? "complete");
        t.match(record, { group: name, keyExchange: { bits: group.bits }, retry: null });
        t.equal(seen, `SERVED ${record.version} ${record.cipherSuite}`);
      }
    });

  await t.test("probe() keeps to the fragments that Java is asked for", async (t) => {
    const shape = {
      ...WIDE_HELLO,
      recordSizeLimit: null,
      maxFragmentLength: 1,
      extensions: [...WIDE_HELLO.extensions, ExtensionType.maxFragmentLength],
    };
    for (const protocol of ["TLSv1.3", "TLSv1.2"]) {
      const { record, seen } = await handshake([], "none", [protocol], { shape });
      t.equal(record.outcome, "complete", record.failure?.message ?? "complete");
      t.ok(record.extensions.some(({ name }) => name === "max_fragment_length"));
      t.match(seen, /^SERVED/);
    }
  });

  for (const protocol of ["TLSv1.3", "TLSv1.2"]) {
    await t.test(`probe() says that a certificate is required (${protocol})`, async (t) => {
      const { record } = await handshake([], "need", [protocol]);
      t.match(record, {
        outcome: "failed",
        failure: { code: "client-certificate-required" },
        clientCertificateRequested: true,
      });
      t.ok((record.certificateRequest?.authorities.length ?? 0) > 0);
      t.ok(record.certificates.length > 0);
    });

    await t.test(
      `probe() completes where a certificate is only wanted (${protocol})`,
      async (t) => {
        const { record, seen } = await handshake([], "want", [protocol]);
        t.match(record, { outcome: "complete", clientCertificateRequested: true });
        t.match(seen, /^SERVED/);
      },
    );

    await t.test(`probe() authenticates (${protocol})`, async (t) => {
      const keyring = configuredKeyring(identityOf(client));
      const { record, seen } = await handshake([], "need", [protocol], { keyring });
      t.equal(record.outcome, "complete", record.failure?.message ?? "complete");
      t.match(seen, /^SERVED/);
    });

    await t.test(`probe() says that a certificate is refused (${protocol})`, async (t) => {
      const keyring = configuredKeyring(identityOf(stranger));
      const { record, seen } = await handshake([], "need", [protocol], { keyring });
      t.match(record, { outcome: "failed", failure: { code: "client-certificate-refused" } });
      t.match(seen, /^FAILED/);
    });
  }

  await t.test("probe() says that a server is too old", async (t) => {
    const { record } = await handshake(
      [
        `-Djava.security.properties=${join(t.testdir({ properties: "jdk.tls.disabledAlgorithms=\n" }), "properties")}`,
      ],
      "none",
      ["TLSv1.1"],
      { hello: "openjdk-25" },
    );
    t.equal(record.failure?.code, "version-unsupported", record.failure?.message ?? "");
    t.match(record.alert, { direction: "received", description: "protocol_version" });
  });
});
