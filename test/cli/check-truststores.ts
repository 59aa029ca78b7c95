import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { requireTool } from "../tools.ts";
import { anchorwatch } from "./command.ts";
import { type CheckRecordRead, checkRecords } from "./records.ts";
import { issuePair, openLab } from "./servers.ts";

const run = promisify(execFile);
const PASSWORD = "pa55 wörd";

t.test("check --truststore", async (t) => {
  const lab = openLab(t);
  if (lab === undefined) return;
  const { ca, leaf } = await issuePair(lab);
  const stranger = await lab.issue({ name: "stranger", keyType: "p256", days: 900 });
  const { port } = await lab.serve(leaf);
  const target = `localhost:${port}`;

  const check = async (
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<{
    readonly code: number | null;
    readonly stderr: string;
    readonly records: readonly CheckRecordRead[];
  }> => {
    const { code, stdout, stderr } = await anchorwatch(
      ["check", target, "--format", "ndjson", ...args],
      { env, withoutTerminal: true },
    );
    return { code, stderr, records: checkRecords(t, stdout) };
  };

  await t.test(
    "check takes a store for each --truststore, and files joined by commas for one",
    async (t) => {
      const [own, both, joined, foreign] = await Promise.all([
        check(["--truststore", ca.certificate]),
        check(["--truststore", stranger.certificate, "--truststore", ca.certificate]),
        check(["--truststore", `${stranger.certificate},${ca.certificate}`]),
        check(["--truststore", stranger.certificate]),
      ]);
      t.match(own, { code: 0, records: [{ truststores: [ca.certificate] }] });
      t.match(both, {
        code: 0,
        records: [{ truststores: [stranger.certificate, ca.certificate] }],
      });
      t.match(joined, {
        code: 0,
        records: [{ truststores: [`${stranger.certificate},${ca.certificate}`] }],
      });
      t.match(foreign, { code: 2, records: [{ trusted: false }] });
    },
  );

  await t.test("check judges as Java where the store is Java's, and says so", async (t) => {
    const keytool = requireTool(t, "keytool");
    if (keytool === undefined) return;
    const store = join(lab.directory, "default.p12");
    const secret = join(lab.directory, "secret");
    writeFileSync(secret, "changeit\n");
    const args = ["-importcert", "-noprompt", "-alias", "ca", "-file", ca.certificate];
    await run(keytool, [...args, "-keystore", store, "-storepass:file", secret]);
    const { code, records } = await check([
      "--truststore",
      store,
      "--truststore-password",
      `file:${secret}`,
    ]);
    t.equal(code, 0);
    t.match(records, [{ profile: "openjdk-21", trusted: true }]);
  });

  await t.test("check reads the password from where it is kept", async (t) => {
    const store = join(lab.directory, "trust.p12");
    const bundle = ["pkcs12", "-export", "-nokeys", "-in", ca.certificate, "-out", store];
    await run(lab.openssl, [...bundle, "-passout", `pass:${PASSWORD}`]);
    const secret = join(lab.directory, "trust.password");
    writeFileSync(secret, `${PASSWORD}\r\n`);
    const wrong = join(lab.directory, "wrong.password");
    writeFileSync(wrong, "not this one\n");
    const stash = join(lab.directory, "trust.sth");
    writeFileSync(stash, stashOf(PASSWORD));
    const withPassword = (spec: string): readonly string[] => [
      "--as",
      "openssl-3",
      "--truststore",
      store,
      "--truststore-password",
      spec,
    ];

    for (const spec of [`file:${secret}`, "env:TRUST_PW", `stash:${stash}`])
      await t.test(`check with ${spec.split(":")[0]}:`, async (t) => {
        const { code, stderr, records } = await check(withPassword(spec), {
          TRUST_PW: PASSWORD,
        });
        t.equal(code, 0, stderr);
        t.match(records, [{ trusted: true }]);
      });

    await t.test("check with a wrong password exits with 3 and says so", async (t) => {
      const { code, records } = await check(withPassword(`file:${wrong}`));
      t.equal(code, 3);
      t.match(records, [
        {
          trusted: null,
          findings: [{ code: "truststore.wrong-password", severity: "critical" }],
        },
      ]);
      t.match(
        records[0]?.chain,
        [{ subject: "CN=leaf, O=Anchorwatch Lab" }],
        "what was sent is told",
      );
    });

    await t.test("check without a password exits with 3 and says so", async (t) => {
      const { code, records } = await check(["--truststore", store]);
      t.equal(code, 3);
      t.match(records, [
        { profile: "openjdk-21", findings: [{ code: "truststore.password-missing" }] },
      ]);
    });

    const refusals: readonly (readonly [string, string, string])[] = [
      ["a password itself", PASSWORD, "A password is not taken from the command line"],
      ["an unset variable", "env:NOT_SET_HERE", "The environment variable NOT_SET_HERE is not set"],
      ["a missing file", "file:/nowhere", "/nowhere"],
      ["a folder", "file:/", "/"],
      ["several lines", `file:${ca.certificate}`, "The password file has several lines"],
      ["a stash that is none", `stash:${ca.certificate}`, ca.certificate],
      ["a prompt without a terminal", "prompt", "terminal"],
    ];
    for (const [words, spec, said] of refusals)
      await t.test(`check refuses ${words} as password`, async (t) => {
        const { code, stderr, records } = await check(withPassword(spec));
        t.equal(code, 64);
        t.match(stderr, /^anchorwatch: --truststore-password: /);
        t.match(stderr, said);
        t.notMatch(stderr, PASSWORD);
        t.same(records, []);
      });
  });

  await t.test("check keeps what is mistyped as a password to itself", async (t) => {
    const { code, stderr } = await anchorwatch(["check", target, `--storepass=${PASSWORD}`]);
    t.equal(code, 64);
    t.match(stderr, "unknown option '--storepass'");
    t.notMatch(stderr, PASSWORD);
  });

  await t.test("check says what is wrong with a store, and exits with 3", async (t) => {
    const file = (name: string, content: Uint8Array | string): string => {
      const path = join(lab.directory, name);
      writeFileSync(path, content);
      return path;
    };
    const folder = join(lab.directory, "folder");
    mkdirSync(folder);
    const der = Buffer.from(
      readFileSync(ca.certificate, "utf8").replaceAll(/-----[^-]+-----|\s/g, ""),
      "base64",
    );
    const cases: readonly (readonly [string, string, string])[] = [
      ["a missing file", join(lab.directory, "none.jks"), "truststore.not-found"],
      ["an empty file", file("empty.p12", ""), "truststore.unreadable"],
      ["a truncated certificate", file("cut.der", der.subarray(0, 200)), "truststore.unreadable"],
      ["another format", file("text.jks", "hello"), "truststore.unreadable"],
      ["a folder", folder, "truststore.unreadable"],
    ];
    for (const [words, store, expected] of cases)
      await t.test(`check with ${words}`, async (t) => {
        const { code, records } = await check(["--truststore", store, "--as", "openjdk-17"]);
        t.equal(code, 3);
        t.match(records, [{ trusted: null, nameMatch: null, truststores: [store] }]);
        const [headline] = records[0]?.findings ?? [];
        t.equal(headline?.code, expected);
        t.match(headline?.summary, store);
        t.ok((headline?.remedy.length ?? 0) > 0);
      });
  });
});

/** A stash file as GSKit writes it: every byte of the padded password exclusive-or 0xF5. */
function stashOf(password: string): Uint8Array {
  const padded = Buffer.alloc(129, 0xf5);
  Buffer.from(`${password}\0`).copy(padded);
  return padded.map((byte, index) => (index <= Buffer.byteLength(password) ? byte ^ 0xf5 : byte));
}
