import { execFile } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import t from "tap";
import { probe, type ProbeOptions } from "../../src/probe/probe.ts";
import { cipherSuiteName } from "../../src/probe/tls/cipher-suite-names.ts";
import { configuredKeyring } from "../../src/probe/tls/client-options.ts";
import { completableSuites, singleHello } from "../../src/probe/tls/single-hello.ts";
import { Version } from "../../src/probe/tls/versions.ts";
import { readPemBlocks } from "../../src/x509/pem.ts";
import { createIssuer, type IssuedCertificate } from "../lab/openssl.ts";
import { type RunningProcess, startProcess } from "../lab/process.ts";
import { requireTool } from "../tools.ts";

const run = promisify(execFile);
const source = fileURLToPath(new URL("jsse-server.java", import.meta.url));
const PASSWORD = "changeit";

/** A JVM without the restrictions of its java.security, as old ones are. */
const SECURITY = [
  "jdk.tls.disabledAlgorithms=",
  "jdk.tls.legacyAlgorithms=",
  "jdk.certpath.disabledAlgorithms=",
].join("\n");

const VERSIONS = {
  TLSv1: ["TLSv1.0", Version.tls10],
  "TLSv1.1": ["TLSv1.1", Version.tls11],
  "TLSv1.2": ["TLSv1.2", Version.tls12],
} as const;

t.test("probe() and old versions against a Java server", async (t) => {
  const [java, openssl] = [requireTool(t, "java"), requireTool(t, "openssl")];
  const [javac, keytool] = [requireTool(t, "javac"), requireTool(t, "keytool")];
  if (java === undefined || javac === undefined) return;
  if (openssl === undefined || keytool === undefined) return;
  const directory = t.testdir({ "java.security": SECURITY });
  const issue = createIssuer(openssl, directory);
  const ca = await issue({ name: "ca", keyType: "p256" });
  const identities = {
    RSA: await issue({ name: "rsa", keyType: "rsa", issuer: ca }),
    ECDSA: await issue({ name: "ecdsa", keyType: "p256", issuer: ca }),
  };
  const client = await issue({ name: "client", keyType: "rsa", issuer: ca });
  await run(javac, ["-d", directory, source]);

  /** A PKCS#12 file with one key, and with the authority as an anchor for clients. */
  const storeOf = async (
    name: string,
    { certificate, key }: IssuedCertificate,
  ): Promise<string> => {
    const store = join(directory, `${name}.p12`);
    const out = ["-passout", `pass:${PASSWORD}`, "-out", store];
    await run(openssl, ["pkcs12", "-export", "-in", certificate, "-inkey", key, ...out]);
    const access = ["-keystore", store, "-storepass", PASSWORD];
    await run(keytool, [
      "-importcert",
      "-noprompt",
      "-alias",
      "ca",
      "-file",
      ca.certificate,
      ...access,
    ]);
    return store;
  };

  const start = async (
    store: string,
    clientAuthentication: "none" | "need",
    ...options: readonly string[]
  ): Promise<{ readonly running: RunningProcess; readonly port: number }> => {
    const running = startProcess(java, [
      `-Djava.security.properties=${join(directory, "java.security")}`,
      ...options,
      "-cp",
      directory,
      "JsseServer",
      store,
      PASSWORD,
      clientAuthentication,
      ...Object.keys(VERSIONS),
    ]);
    t.teardown(() => running.stop());
    const [, port] = await running.waitFor(/PORT (\d+)/);
    return { running, port: Number(port) };
  };

  const ask = (port: number, options: ProbeOptions) =>
    probe(
      { scheme: "tls", host: "localhost", port },
      { address: "127.0.0.1", timeoutMs: 60_000, ...options },
    );

  for (const [authentication, identity] of Object.entries(identities))
    await t.test(`probe() completes every suite with a key for ${authentication}`, async (t) => {
      const { running, port } = await start(await storeOf(authentication, identity), "none");
      const known = new RegExp(`^TLS_(?:(?:EC)?DHE_)?${authentication}_WITH_(?:AES_|3DES|CHACHA)`);
      let asked = 0;
      for (const [name, [version, code]] of Object.entries(VERSIONS))
        for (const suite of completableSuites(code)) {
          const suiteName = cipherSuiteName(suite);
          if (!known.test(suiteName) || suiteName.includes("CCM")) continue;
          const shape = singleHello({ version: code, cipherSuites: [suite] });
          const record = await ask(port, { shape });
          t.match(
            record,
            { outcome: "complete", version, cipherSuite: suiteName },
            `${version} ${suiteName}: ${record.failure?.message ?? "complete"}`,
          );
          const before = `(?:^(?:SERVED|FAILED) .*\\n){${asked++}}`;
          const [, seen] = await running.waitFor(
            new RegExp(`${before}^(SERVED .*|FAILED .*)$`, "m"),
          );
          t.equal(seen?.replace("SSL_", "TLS_"), `SERVED ${name} ${suiteName}`);
        }
      t.ok(asked > 10, `${asked} handshakes`);
    });

  await t.test("probe() records the size of a Java server's Diffie-Hellman prime", async (t) => {
    const size = "-Djdk.tls.ephemeralDHKeySize=1024";
    const { port } = await start(await storeOf("dh", identities.RSA), "none", size);
    const cipherSuites = [0x0033];
    const ofVersion = { version: Version.tls10, cipherSuites };
    const chosen = await ask(port, { shape: singleHello({ ...ofVersion, groups: [0x17] }) });
    t.match(chosen, { outcome: "complete", keyExchange: { kind: "dhe", group: null, bits: 1024 } });
    const named = await ask(port, { shape: singleHello({ ...ofVersion, groups: [0x102] }) });
    t.match(named, { outcome: "complete", keyExchange: { kind: "dhe", group: "ffdhe4096" } });
  });

  await t.test("probe() authenticates to a Java server in every old version", async (t) => {
    const { port } = await start(await storeOf("mutual", identities.RSA), "need");
    const blocks = readPemBlocks(readFileSync(client.certificate, "utf8"));
    const keyring = configuredKeyring({
      chain: blocks.ok ? blocks.value.map(({ der }) => der) : [],
      key: createPrivateKey(readFileSync(client.key)),
    });
    for (const [version, code] of Object.values(VERSIONS)) {
      const shape = singleHello({ version: code });
      const given = await ask(port, { shape, keyring });
      t.match(given, { outcome: "complete", version }, given.failure?.message ?? "complete");
      const missing = await ask(port, { shape });
      t.match(missing, {
        outcome: "failed",
        failure: { code: "client-certificate-required" },
        clientCertificateRequested: true,
      });
      t.ok(missing.certificates.length > 0);
    }
  });
});
