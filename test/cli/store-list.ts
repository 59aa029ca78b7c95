import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import t, { type Test } from "tap";
import { STORE_DOCUMENT_SCHEMA, STORE_LINE_SCHEMA } from "../../src/report/store/schemas.ts";
import { requireTool } from "../tools.ts";
import { anchorwatch, linesOf } from "./command.ts";
import { readAs } from "./records.ts";
import { type Lab, openLab } from "./servers.ts";

const run = promisify(execFile);
const PASSWORD = "store-pa55";
const env = { STORE_PW: PASSWORD, WRONG_PW: "not this one" };
const RIGHT = ["--password", "env:STORE_PW"];

const list = (...args: readonly string[]): ReturnType<typeof anchorwatch> =>
  anchorwatch(["store", "list", ...args], { env });

/** A text without its line breaks. */
const words = (text: string): string => text.replaceAll(/\s+/g, " ");

const fingerprintOf = (file: string): string =>
  new X509Certificate(readFileSync(file)).fingerprint256;

interface Stores {
  readonly lab: Lab;
  readonly keytool: string;
  readonly ca: string;
  readonly leaf: string;
  /** A store by keytool with a CA and a key. */
  readonly make: (name: string, type: "JKS" | "PKCS12") => Promise<string>;
}

async function openStores(t: Test): Promise<Stores | undefined> {
  const lab = openLab(t);
  const keytool = requireTool(t, "keytool");
  if (lab === undefined || keytool === undefined) return undefined;
  const ca = await lab.issue({ name: "ca", keyType: "p256", days: 900 });
  const leaf = await lab.issue({ name: "leaf", keyType: "p256", issuer: ca, days: 400 });
  const make = async (name: string, type: "JKS" | "PKCS12"): Promise<string> => {
    const path = join(lab.directory, name);
    const common = ["-keystore", path, "-storetype", type, "-storepass:env", "STORE_PW"];
    const options = { env: { ...process.env, ...env } };
    const importing = ["-importcert", "-noprompt", "-alias", "Corp-Root", "-file", ca.certificate];
    await run(keytool, [...importing, ...common], options);
    const key = ["-genkeypair", "-alias", "own-key", "-keyalg", "EC", "-dname", "CN=own, O=Lab"];
    await run(keytool, [...key, "-keypass:env", "STORE_PW", ...common], options);
    return path;
  };
  return { lab, keytool, ca: ca.certificate, leaf: leaf.certificate, make };
}

t.test("store list", async (t) => {
  const stores = await openStores(t);
  if (stores === undefined) return;
  const { lab, ca, leaf } = stores;

  for (const type of ["JKS", "PKCS12"] as const)
    await t.test(`store list shows what keytool wrote (${type})`, async (t) => {
      const path = await stores.make(`trust.${type.toLowerCase()}`, type);
      const [text, json, ndjson] = await Promise.all([
        list(path, ...RIGHT),
        list(path, ...RIGHT, "--format", "json"),
        list(path, ...RIGHT, "--format", "ndjson"),
      ]);
      for (const { code, stderr } of [text, json, ndjson]) {
        t.equal(code, 0);
        t.equal(stderr, "");
      }
      const { validTo } = new X509Certificate(readFileSync(ca));
      t.equal(linesOf(text.stdout)[0], `${path}  ${type === "JKS" ? "JKS" : "PKCS#12"}`);
      t.match(text.stdout, "2 certificates, all trust anchors for Java; integrity verified");
      const block = text.stdout.split("\n\n").find((part) => /^#\d corp-root\n/i.test(part));
      t.match(block, "   subject   CN=ca, O=Anchorwatch Lab\n");
      t.notMatch(block, "   issuer", "a root's issuer is itself");
      t.match(
        block,
        new RegExp(
          `^   expires   ${new Date(validTo).toISOString().slice(0, 10)} \\[#{19,20}-?\\] \\d+ % left, 899 days$`,
          "m",
        ),
      );
      t.match(block, `   SHA-256   ${fingerprintOf(ca).replaceAll(":", "").toLowerCase()}\n`);
      t.match(block, "   kind      trusted certificate\n");
      t.match(block, /^ {3}anchor {4}for all clients$/m);
      t.match(text.stdout, "also holds 1 private key, which is not shown");
      t.match(text.stdout, "kind      private key's chain, certificate 1");

      const document = readAs(t, STORE_DOCUMENT_SCHEMA, json.stdout);
      t.match(document, {
        path,
        format: type === "JKS" ? "jks" : "pkcs12",
        integrity: "ok",
        java: { opens: true, message: null },
      });
      const lines = linesOf(ndjson.stdout).map((line) => readAs(t, STORE_LINE_SCHEMA, line));
      t.equal(lines.length, 2);
      const root = lines.find(
        (line) =>
          line !== undefined && "alias" in line && line.alias?.toLowerCase() === "corp-root",
      );
      t.match(root, {
        path,
        kind: "certificate",
        chainPosition: null,
        subject: "CN=ca, O=Anchorwatch Lab",
        sha256: fingerprintOf(ca).replaceAll(":", "").toLowerCase(),
        visibleToJava: true,
        invisibleReason: null,
      });
      const own = lines.find((line) => line !== undefined && "alias" in line && line !== root);
      t.match(own, { alias: "own-key", kind: "key", chainPosition: 0, visibleToJava: true });
    });

  await t.test("store list says what Java does not see", async (t) => {
    const path = join(lab.directory, "openssl.p12");
    const args = ["pkcs12", "-export", "-nokeys", "-in", ca, "-out", path];
    await run(lab.openssl, [...args, "-passout", `pass:${PASSWORD}`]);
    const [text, ndjson] = await Promise.all([
      list(path, ...RIGHT),
      list(path, ...RIGHT, "--format", "ndjson"),
    ]);
    t.equal(text.code, 0);
    t.match(text.stdout, "1 certificate, none of them a trust anchor for Java");
    t.match(words(text.stdout), "not for Java: it lacks the trustedKeyUsage attribute");
    const line = readAs(t, STORE_LINE_SCHEMA, ndjson.stdout);
    t.match(line, {
      visibleToJava: false,
      invisibleReason: "no-trusted-key-usage",
      anchors: { java: "no-trusted-key-usage", openssl: null, go: null },
    });
  });

  await t.test(
    "store list reads PEM and DER without a password, several files in order",
    async (t) => {
      const der = join(lab.directory, "leaf.der");
      writeFileSync(der, new X509Certificate(readFileSync(leaf)).raw);
      const bundle = join(lab.directory, "bundle.pem");
      writeFileSync(bundle, `${readFileSync(ca, "utf8")}\nremark\n${readFileSync(leaf, "utf8")}`);
      const missing = join(lab.directory, "missing.pem");
      const files = [der, missing, bundle];
      const [text, json, ndjson] = await Promise.all([
        list(...files),
        list(...files, "--format", "json"),
        list(...files, "--format", "ndjson"),
      ]);
      for (const { code } of [text, json, ndjson]) t.equal(code, 3);
      t.match(text.stderr, `✗ ${missing}: File not found`);
      t.ok(text.stdout.startsWith(`${der}  `));
      t.match(text.stdout, `\n\n${bundle}  PEM`);
      t.match(text.stdout, "2 certificates, all trust anchors for Java\n", "PEM has no integrity");
      const document = readAs(t, STORE_DOCUMENT_SCHEMA, json.stdout);
      t.same(
        [document].flat().map((each) => each?.path),
        files,
      );
      t.equal(json.stderr, "");
      t.same(
        linesOf(ndjson.stdout).map((line) => {
          const read = readAs(t, STORE_LINE_SCHEMA, line);
          return [
            read?.path,
            read !== undefined && "error" in read ? read.error.code : read?.subject,
          ];
        }),
        [
          [der, "CN=leaf, O=Anchorwatch Lab"],
          [missing, "not-found"],
          [bundle, "CN=ca, O=Anchorwatch Lab"],
          [bundle, "CN=leaf, O=Anchorwatch Lab"],
        ],
      );
    },
  );

  await t.test("store list marks what has ended, and hides nothing that is hostile", async (t) => {
    const hostile = await lab.issue({
      name: "hostile",
      keyType: "p256",
      subject: "/O=Evil\u001b[31mRed\nInjected line\u202e/CN=\u001b]0;title\u0007evil",
    });
    const store = join(lab.directory, "hostile.p12");
    await run(
      stores.keytool,
      [
        "-importcert",
        "-noprompt",
        "-alias",
        "al\u001b[2Jias",
        "-file",
        hostile.certificate,
        "-keystore",
        store,
        "-storepass:env",
        "STORE_PW",
      ],
      { env: { ...process.env, ...env } },
    );
    const { code, stdout, stderr } = await list(store, ...RIGHT);
    t.equal(code, 0);
    t.notMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    t.notMatch(stdout, /^Injected line/m);
    t.match(stdout, "al\ufffd[2Jias");
    const json = await list(store, ...RIGHT, "--format", "ndjson");
    const line = readAs(t, STORE_LINE_SCHEMA, json.stdout);
    t.equal(line !== undefined && "alias" in line ? line.alias : null, "al\u001b[2Jias");
  });

  await t.test("store list says what is wrong with a store, and exits with 3", async (t) => {
    const path = await stores.make("whole.p12", "PKCS12");
    const jks = await stores.make("whole.jks", "JKS");
    const file = (name: string, content: Uint8Array | string): string => {
      const to = join(lab.directory, name);
      writeFileSync(to, content);
      return to;
    };
    const folder = join(lab.directory, "folder");
    mkdirSync(folder);
    const whole = readFileSync(path);
    const cases: readonly (readonly [
      words: string,
      args: readonly string[],
      code: string,
      said: string | RegExp,
    ])[] = [
      ["a missing file", [join(lab.directory, "none")], "not-found", "File not found"],
      ["an empty file", [file("empty", "")], "empty-file", "empty"],
      ["an empty folder", [folder], "no-certificate", /folder|directory/i],
      [
        "a truncated PKCS#12",
        [file("cut.p12", whole.subarray(0, 400)), ...RIGHT],
        "truncated",
        /cut off|ends/,
      ],
      [
        "a truncated JKS",
        [file("cut.jks", readFileSync(jks).subarray(0, 90)), ...RIGHT],
        "truncated",
        /cut off|ends/,
      ],
      ["a text", [file("text.jks", "hello\n")], "unknown-format", "text.jks"],
      ["a key", [join(lab.directory, "leaf.key")], "no-certificate", "leaf.key"],
      ["a wrong password", [path, "--password", "env:WRONG_PW"], "wrong-password", /password/i],
      ["no password", [path], "password-required", /password/i],
    ];
    for (const [words, args, expected, said] of cases)
      await t.test(`store list of ${words}`, async (t) => {
        const [text, json] = await Promise.all([list(...args), list(...args, "--format", "json")]);
        t.equal(text.code, 3);
        t.equal(text.stdout, "");
        t.match(text.stderr, `✗ ${args[0]}: `);
        t.match(text.stderr, said);
        t.equal(json.code, 3);
        t.equal(json.stderr, "");
        t.match(readAs(t, STORE_DOCUMENT_SCHEMA, json.stdout), {
          path: args[0],
          error: { code: expected },
        });
        t.notMatch(text.stderr + json.stdout, /store-pa55|not this one/);
      });

    await t.test(
      "store list of a JKS with a wrong password shows it and exits with 3",
      async (t) => {
        const { code, stdout } = await list(jks, "--password", "env:WRONG_PW");
        t.equal(code, 3);
        t.match(stdout, "✗ integrity is wrong: another password, or the file was changed");
        t.match(stdout, "corp-root");
      },
    );

    await t.test("store list refuses a password on the command line", async (t) => {
      for (const option of ["--password", "--truststore-password"]) {
        const { code, stdout, stderr } = await list(path, option, PASSWORD);
        t.equal(code, 64);
        t.equal(stdout, "");
        t.match(stderr, "A password is not taken from the command line");
        t.notMatch(stderr, PASSWORD);
      }
    });
  });
});

t.test("store list reads the system's own bundle", async (t) => {
  const bundle = "/etc/ssl/certs/ca-certificates.crt";
  const { code, stdout, stderr } = await list(bundle, "--format", "ndjson");
  if (stderr.includes("not found") || stdout.includes('"not-found"')) {
    t.plan(0, `${bundle} is not on this machine`);
    return;
  }
  t.equal(code, 0);
  const lines = linesOf(stdout).map((line) => readAs(t, STORE_LINE_SCHEMA, line));
  const count = readFileSync(bundle, "utf8").match(/BEGIN CERTIFICATE/g)?.length;
  t.equal(lines.length, count);
});
