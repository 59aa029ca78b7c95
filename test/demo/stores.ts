import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { TRUSTSTORES } from "../../src/cli/demo/cast.ts";
import { startDemo } from "../../src/cli/demo/demo.ts";
import type { StorePlan } from "../../src/cli/demo/plans.ts";
import { writeJks } from "../../src/truststore/write-jks.ts";
import { writePkcs12 } from "../../src/truststore/write-pkcs12.ts";
import { requireTool } from "../tools.ts";
import { readEstate, storeFiles } from "./estate.ts";
import { run } from "./run.ts";

t.test("writeStores()", async (t) => {
  const demo = await startDemo();
  t.teardown(() => demo.close());
  const estate = readEstate(demo);
  const plans = Object.entries(TRUSTSTORES);
  const storesOf = (format: StorePlan["format"]): readonly (readonly [string, StorePlan])[] =>
    plans.flatMap(([name, files]) =>
      files.filter((file) => file.format === format).map((file) => [name, file] as const),
    );
  const firstOf = (format: StorePlan["format"]): readonly [string, StorePlan] => {
    const first = storesOf(format)[0];
    if (first === undefined) throw new Error(`The demo has no store of format ${format}`);
    return first;
  };

  t.test("writeStores() writes JKS and PKCS#12 stores that keytool lists in full", async (t) => {
    const keytool = requireTool(t, "keytool");
    if (keytool === undefined) return;
    const types = [
      ["jks", "JKS"],
      ["keytool", "PKCS12"],
    ] as const;
    for (const [format, type] of types) {
      for (const [name, plan] of storesOf(format)) {
        const { password } = storeFiles(demo, estate, name);
        const path = join(demo.directory, plan.path);
        const { code, stdout } = await run(
          keytool,
          ["-list", "-keystore", path, "-storetype", type],
          `${password}\n`,
        );
        t.equal(code, 0, `${name}: ${stdout}`);
        t.notMatch(stdout, /WARNING WARNING/, `${name}: the integrity was checked`);
        const aliases = [...stdout.matchAll(/^(.+?), .*, trustedCertEntry/gm)].map(
          ([, alias]) => alias,
        );
        t.same(
          new Set(aliases),
          new Set(plan.entries.map(([alias]) => alias)),
          `${name}: every entry is an anchor for Java`,
        );
      }
    }
  });

  t.test("writeStores() writes stores that keytool refuses with another password", async (t) => {
    const keytool = requireTool(t, "keytool");
    if (keytool === undefined) return;
    for (const format of ["jks", "keytool"] as const) {
      const [, plan] = firstOf(format);
      const path = join(demo.directory, plan.path);
      const { code, stdout } = await run(keytool, ["-list", "-keystore", path], "not-this-one\n");
      t.not(code, 0);
      t.match(stdout, /password was incorrect/);
    }
  });

  t.test("writeStores() writes a store that OpenSSL reads and Java finds empty", async (t) => {
    const [keytool, openssl] = [requireTool(t, "keytool"), requireTool(t, "openssl")];
    if (keytool === undefined || openssl === undefined) return;
    const [name] = firstOf("openssl");
    const { files, password } = storeFiles(demo, estate, name);
    const [path = ""] = files;
    const listed = await run(keytool, ["-list", "-keystore", path], `${password}\n`);
    t.equal(listed.code, 0);
    t.match(listed.stdout, /contains 0 entries/);
    const read = await run(
      openssl,
      ["pkcs12", "-in", path, "-nokeys", "-passin", "stdin"],
      password,
    );
    t.equal(read.code, 0, read.stderr);
    t.equal(read.stdout.match(/BEGIN CERTIFICATE/g)?.length, 1);
  });

  t.test("writeStores() encrypts PKCS#12 with the algorithms of today's keytool", async (t) => {
    const openssl = requireTool(t, "openssl");
    if (openssl === undefined) return;
    const [name] = firstOf("keytool");
    const { files, password } = storeFiles(demo, estate, name);
    const [path = ""] = files;
    const args = ["pkcs12", "-in", path, "-info", "-noout", "-passin", "stdin"];
    const { code, stderr } = await run(openssl, args, password);
    t.equal(code, 0, stderr);
    t.match(stderr, /MAC: sha256, Iteration 10000/);
    t.match(stderr, /MAC length: 32, salt length: 20/);
    t.match(
      stderr,
      /PBES2, PBKDF2, AES-256-CBC, Iteration 10000, PRF hmacWithSHA256/,
      "the certificates' encryption",
    );
  });

  t.test("writeStores() writes PEM stores with the planned certificates", async (t) => {
    for (const [name, plan] of storesOf("pem")) {
      const text = readFileSync(join(demo.directory, plan.path), "utf8");
      const blocks =
        text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? [];
      t.equal(blocks.length, plan.entries.length, name);
      t.equal(blocks.join(""), text, `${name}: nothing but certificates`);
      for (const block of blocks) t.ok(new X509Certificate(block).ca, `${name}: a CA`);
    }
  });

  t.test("writeStores() writes client keys that belong to their certificates", async (t) => {
    const openssl = requireTool(t, "openssl");
    if (openssl === undefined) return;
    for (const [name, { identity }] of Object.entries(estate.clients)) {
      if (identity === undefined) continue;
      const [cert, key] = [identity.cert, identity.key].map((file) => join(demo.directory, file));
      const certified = await run(openssl, ["x509", "-in", cert ?? "", "-noout", "-pubkey"]);
      const own = await run(openssl, ["pkey", "-in", key ?? "", "-pubout"]);
      t.equal(certified.code, 0);
      t.equal(own.stdout, certified.stdout, name);
    }
  });
});

t.test(
  "writePkcs12() and writeJks() write stores without an entry that keytool accepts",
  async (t) => {
    const keytool = requireTool(t, "keytool");
    if (keytool === undefined) return;
    const directory = t.testdir({
      "empty.p12": Buffer.from(await writePkcs12([], "changeit")),
      "empty.jks": Buffer.from(writeJks([], "changeit", Date.now())),
    });
    for (const file of ["empty.p12", "empty.jks"]) {
      const path = join(directory, file);
      const { code, stdout } = await run(keytool, ["-list", "-keystore", path], "changeit\n");
      t.equal(code, 0, stdout);
      t.match(stdout, /contains 0 entries/);
    }
  },
);
