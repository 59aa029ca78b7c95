import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { anchorwatch } from "./command.ts";
import { type CheckRecordRead, checkRecords } from "./records.ts";
import { issuePair, openLab } from "./servers.ts";

const run = promisify(execFile);
const PASSWORD = "key-pa55";

t.test("check --cert and --key", async (t) => {
  const lab = openLab(t);
  if (lab === undefined) return;
  const { ca, leaf } = await issuePair(lab);
  const client = await lab.issue({ name: "client", keyType: "p256", issuer: ca, days: 400 });
  const strangers = await lab.issue({ name: "strangers", keyType: "p256", days: 900 });
  const stranger = await lab.issue({ name: "stranger", keyType: "rsa", issuer: strangers });
  const asking = ["-CAfile", ca.certificate, "-verify_return_error"];

  const check = async (
    port: number,
    ...args: readonly string[]
  ): Promise<{
    readonly code: number | null;
    readonly record: CheckRecordRead | undefined;
    readonly stderr: string;
  }> => {
    const { code, stdout, stderr } = await anchorwatch(
      ["check", `localhost:${port}`, "--truststore", ca.certificate, "--format", "ndjson", ...args],
      { env: { KEY_PW: PASSWORD, WRONG_PW: "no" } },
    );
    return { code, record: checkRecords(t, stdout)[0], stderr };
  };

  for (const version of ["-tls1_3", "-tls1_2"])
    await t.test(`check against a server that requires a certificate (${version})`, async (t) => {
      const { port, process } = await lab.serve(leaf, [...asking, "-Verify", "1", version]);
      const accepted = await check(port, "--cert", client.certificate, "--key", client.key);
      t.equal(accepted.code, 0, JSON.stringify(accepted.record?.findings));
      t.match(accepted.record?.handshake, {
        outcome: "complete",
        clientCertificateRequested: true,
      });
      t.match(process.output(), /CN ?= ?client/, "the server saw it");

      const missing = await check(port);
      t.equal(missing.code, 2);
      t.match(missing.record, {
        trusted: true,
        handshake: {
          outcome: "failed",
          failure: "client-certificate-required",
          clientCertificateRequested: true,
        },
        findings: [{ code: "client-auth.required" }],
        breaksAt: null,
      });
      t.ok(missing.record?.handshake.alert);

      const refused = await check(port, "--cert", stranger.certificate, "--key", stranger.key);
      t.equal(refused.code, 2);
      t.match(refused.record, {
        trusted: true,
        handshake: {
          outcome: "failed",
          failure: "client-certificate-refused",
          alert: "unknown_ca",
        },
        findings: [{ code: "client-auth.unknown-ca", summary: /CN=strangers/ }],
      });
    });

  await t.test("check against a server that would like a certificate", async (t) => {
    const { port } = await lab.serve(leaf, [...asking, "-verify", "1"]);
    const without = await check(port);
    t.equal(without.code, 0);
    t.equal(without.record?.handshake.clientCertificateRequested, true);
    const { stdout } = await anchorwatch([
      "check",
      `localhost:${port}`,
      "--truststore",
      ca.certificate,
    ]);
    t.match(stdout, "asks for a client certificate");
  });

  await t.test("check reads an encrypted key with --key-password", async (t) => {
    const { port } = await lab.serve(leaf, [...asking, "-Verify", "1"]);
    const key = join(lab.directory, "encrypted.key");
    const args = [
      "pkcs8",
      "-topk8",
      "-in",
      client.key,
      "-out",
      key,
      "-passout",
      `pass:${PASSWORD}`,
    ];
    await run(lab.openssl, args);
    const pair = ["--cert", client.certificate, "--key", key];
    const right = await check(port, ...pair, "--key-password", "env:KEY_PW");
    t.equal(right.code, 0, right.stderr);
    const none = await check(port, ...pair);
    t.match(none, { code: 64, stderr: "is encrypted and no password is given for it" });
    const wrong = await check(port, ...pair, "--key-password", "env:WRONG_PW");
    t.match(wrong, {
      code: 2,
      stderr: "",
      record: { findings: [{ code: "client-auth.key-mismatch", severity: "critical" }] },
    });
    t.match(wrong.record?.findings[0]?.summary, "can be read with the password given");
    const plain = await check(port, ...pair, "--key-password", PASSWORD);
    t.match(plain, {
      code: 64,
      stderr: "--key-password: A password is not taken from the command",
    });
    t.notMatch(plain.stderr, PASSWORD);
  });

  await t.test("check reports a key that does not belong to the certificate", async (t) => {
    const { port } = await lab.serve(leaf, []);
    const pair = ["--cert", client.certificate, "--key", stranger.key];
    const { code, record, stderr } = await check(port, ...pair);
    t.equal(code, 1, "a server that asks for no certificate does without");
    t.equal(stderr, "");
    t.match(record?.findings, [{ code: "client-auth.key-mismatch", severity: "warning" }]);
    t.match(record?.findings[0]?.summary, "does not belong to the certificate in");
  });

  await t.test("check refuses files that hold no certificate or no key", async (t) => {
    const file = (name: string, content: string): string => {
      const path = join(lab.directory, name);
      writeFileSync(path, content);
      return path;
    };
    const empty = file("empty.pem", "");
    const key = readFileSync(client.key, "utf8");
    const garbled = file("garbled.key", `${key.slice(0, 60)}!!!!${key.slice(64)}`);
    const cases: readonly (readonly [cert: string, key: string, said: string])[] = [
      [empty, client.key, empty],
      [client.certificate, empty, empty],
      [client.certificate, client.certificate, "holds no private key that can be read"],
      [client.certificate, garbled, "holds no private key that can be read"],
      [lab.directory, client.key, lab.directory],
    ];
    for (const [cert, keyFile, said] of cases) {
      const { code, stderr } = await check(1, "--cert", cert, "--key", keyFile);
      t.equal(code, 64);
      t.match(stderr, said);
      t.notMatch(stderr, key.slice(40, 80), "the key is not shown");
    }
  });
});
