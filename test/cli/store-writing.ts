import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { STORE_WRITE_SCHEMA } from "../../src/report/store/schemas.ts";
import { cleanEnvironment, type Ended, launcher, run as runClean } from "../set-up/run.ts";
import { requireTool } from "../tools.ts";
import { readAs } from "./records.ts";
import { env, fits, openFolder, people, RIGHT, store } from "./store-folder.ts";

const run = promisify(execFile);

/** Aliases that the real keytool lists. */
async function keytoolAliases(keytool: string, path: string): Promise<readonly string[]> {
  const { stdout } = await run(
    keytool,
    ["-list", "-keystore", path, "-storepass:env", "STORE_PW"],
    {
      env: { ...process.env, ...env },
    },
  );
  return [...stdout.matchAll(/^(\S+), .*, trustedCertEntry/gm)].map(([, alias = ""]) => alias);
}

t.test("store extract writes PEM and DER, and replaces nothing", async (t) => {
  const folder = await openFolder(t);
  const { root } = await people();
  const pem = await store(folder, "extract", "trust.p12", "corp-root", ...RIGHT);
  t.equal(pem.code, 0);
  t.same(new X509Certificate(pem.stdout).raw, root.der);
  t.match(pem.stdout, /^# Alias: {3}corp-root\n# Subject: CN=Corp Root, O=Corp\n/);
  const der = ["extract", "trust.p12", "#1", ...RIGHT, "--der", "--out", "root.cer"];
  t.match(await store(folder, ...der), { code: 0, stdout: "root.cer\n" });
  t.same(readFileSync(join(folder, "root.cer")), root.der);
  const again = await store(folder, ...der);
  t.equal(again.code, 3);
  t.match(
    again.stderr,
    "root.cer: There is a file already; name another, or replace it with --force",
  );
  t.equal((await store(folder, ...der, "--force")).code, 0);
  mkdirSync(join(folder, "out"));
  const all = await store(folder, "extract", "key.jks", "--all", ...RIGHT, "--out", "out");
  t.equal(all.code, 0);
  t.same(readdirSync(join(folder, "out")).length, 2, "each certificate once");
  for (const [args, said] of [
    [["extract", "trust.p12"], "Name the entries to extract"],
    [["extract", "trust.p12", "#1", "--all"], "Either name entries or give --all"],
    [
      ["extract", "trust.jks", "--all", "--der", "--out", "x.cer"],
      "DER holds one certificate; 2 were chosen",
    ],
  ] as const) {
    const wrong = await store(folder, ...args);
    t.equal(wrong.code, 64);
    t.match(wrong.stderr, said);
  }
});

t.test("store convert writes what keytool takes, from any format", async (t) => {
  const keytool = requireTool(t, "keytool");
  if (keytool === undefined) return;
  const folder = await openFolder(t);
  const made = await store(
    folder,

    "convert",
    "bundle.pem",
    "--to",
    "pkcs12",
    "--out",
    "new.p12",
    "--out-password",
    "env:STORE_PW",
  );
  t.equal(made.code, 0);
  fits(t, made);
  const [first, second] = await keytoolAliases(keytool, join(folder, "new.p12"));
  t.equal(first, "corp-root");
  t.match(second, /^other-root-with-a-name/);
  const seen = await store(folder, "convert", "openssl.p12", "--to", "jks", ...RIGHT);
  t.equal(seen.code, 0);
  t.match(
    seen.stdout.replaceAll(/\s+/g, " "),
    "Java sees 2 certificates as an anchor that it did not see before: 'corp-root', 'other-root'",
  );
  t.match(seen.stdout, "✓ openssl.new.jks\n");
  t.equal((await keytoolAliases(keytool, join(folder, "openssl.new.jks"))).length, 2);
  const legacy = [
    "convert",
    "trust.jks",
    "--to",
    "pkcs12",
    ...RIGHT,
    "--legacy",
    "--out",
    "old.p12",
  ];
  t.equal((await store(folder, ...legacy)).code, 0);
  t.equal((await keytoolAliases(keytool, join(folder, "old.p12"))).length, 2);
  const inPlace = await store(
    folder,
    "convert",
    "trust.jks",
    "--to",
    "pkcs12",
    ...RIGHT,
    "--in-place",
  );
  t.equal(inPlace.code, 0);
  t.match(inPlace.stdout, /the old file is trust\.jks\.\d{8}T\d{6}Z\.bak\n/);
  t.equal((await keytoolAliases(keytool, join(folder, "trust.jks"))).length, 2);
});

t.test(
  "store convert never converts a private key, and needs a password for what has one",
  async (t) => {
    const folder = await openFolder(t);
    const keys = ["convert", "key.jks", "--to", "pkcs12", ...RIGHT, "--out", "new.p12"];
    const refused = await store(folder, ...keys);
    t.equal(refused.code, 2);
    t.match(refused.stdout, "✗ The store holds 1 key, which this command does not convert\n");
    t.match(
      refused.stdout,
      "keytool -importkeystore -srckeystore key.jks -destkeystore key.jks.p12 -deststoretype PKCS12",
    );
    t.match(refused.stdout, "Nothing was written\n");
    t.notOk(existsSync(join(folder, "new.p12")));
    const without = await store(folder, ...keys, "--without-keys", "--format", "json");
    t.equal(without.code, 0);
    t.match(readAs(t, STORE_WRITE_SCHEMA, without.stdout), {
      command: "convert",
      written: "new.p12",
      certificates: [{ alias: "corp-root" }],
      notes: [/^Left out: 2 certificates of private keys$/],
    });
    const open = await store(folder, "convert", "bundle.pem", "--to", "jks");
    t.equal(open.code, 64);
    t.match(open.stderr, "A JKS store needs a password; give one with --out-password");
    for (const args of [
      ["--to", "pem", "--legacy"],
      ["--to", "jks", "--legacy"],
      ["--to", "pem", "--out-password", "env:STORE_PW"],
      ["--to", "pem", "--out", "x", "--in-place"],
      ["--to", "pem", "--without-keys", "--in-place"],
      ["--to", "bks"],
    ])
      t.equal((await store(folder, "convert", "bundle.pem", ...args)).code, 64, args.join(" "));
  },
);

t.test("store add refuses what would be a mistake, and writes nothing then", async (t) => {
  const folder = await openFolder(t);
  const before = readFileSync(join(folder, "trust.p12"));
  const refusal = async (said: string, ...args: readonly string[]): Promise<void> => {
    const refused = await store(folder, "add", ...args, "--in-place");
    t.equal(refused.code, 2, args.join(" "));
    fits(t, refused);
    t.match(refused.stdout.replaceAll(/\s+/g, " "), said);
    t.match(refused.stdout, /^not added {2}/);
    t.match(refused.stdout, "Nothing was written\n");
    t.notMatch(refused.stdout + refused.stderr, /store-pa55|not this one/);
  };
  const words = "server.example.com is a server's or user's own certificate, not a CA";
  await refusal(words, "trust.p12", "leaf.pem", ...RIGHT);
  await refusal("is in the store already as 'corp-root'", "trust.p12", "root.pem", ...RIGHT);
  const taken = ["--alias", "Corp-ROOT", ...RIGHT];
  await refusal("The alias 'Corp-ROOT' is taken", "trust.p12", "renewed.pem", ...taken);
  await refusal("protected by a password", "trust.jks", "renewed.pem");
  await refusal(
    "The password does not fit",
    "trust.jks",
    "renewed.pem",
    "--password",
    "env:WRONG_PW",
  );
  await refusal("A PEM file has no aliases", "bundle.pem", "renewed.pem", "--alias", "x");
  t.same(readFileSync(join(folder, "trust.p12")), before);
  t.notOk(readdirSync(folder).some((name) => /bak|tmp/.test(name)));
  const unreadable = await store(folder, "add", "trust.p12", "none.cer", ...RIGHT);
  t.equal(unreadable.code, 3);
  t.match(unreadable.stderr, "none.cer: File not found");
});

t.test(
  "store add prints the fingerprint to compare, and changes only what it should",
  async (t) => {
    const keytool = requireTool(t, "keytool");
    if (keytool === undefined) return;
    const folder = await openFolder(t);
    const { renewed } = await people();
    const path = join(folder, "trust.p12");
    chmodSync(path, 0o640);
    const tried = await store(folder, "add", "trust.p12", "renewed.pem", ...RIGHT, "--dry-run");
    t.match(tried, { code: 0, stdout: /^to be added[^]*Nothing was written/ });
    const added = await store(
      folder,
      "add",
      "trust.p12",
      "renewed.pem",
      ...RIGHT,
      "--alias",
      "Corp-Root-2",
      "--in-place",
    );
    t.equal(added.code, 0);
    fits(t, added);
    const { fingerprint256 } = new X509Certificate(renewed.der);
    t.match(
      added.stdout,
      `  SHA-256 ${fingerprint256.slice(0, 48)}\n          ${fingerprint256.slice(48)}\n`,
    );
    t.match(added.stdout, "compare with the owner");
    t.match(
      added.stdout.replaceAll(/\s+/g, " "),
      "#1 has the same name and key: the new certificate is another issue of it",
    );
    t.match(added.stdout, "The alias is stored as 'corp-root-2'");
    t.same((await keytoolAliases(keytool, path)).toSorted(), [
      "corp-root",
      "corp-root-2",
      "other-root",
    ]);
    t.equal(statSync(path).mode & 0o7777, 0o640);
    t.equal(readdirSync(folder).filter((name) => name.endsWith(".bak")).length, 1);
    const forced = await store(
      folder,
      "add",
      "trust.p12",
      "leaf.pem",
      ...RIGHT,
      "--force",
      "--format",
      "json",
    );
    t.equal(forced.code, 1);
    t.match(readAs(t, STORE_WRITE_SCHEMA, forced.stdout), {
      written: "trust.new.p12",
      certificates: [{ alias: "server-example-com" }],
      notes: [/not a CA.*; added because of --force$/, /compare with the owner/],
    });
    const bundle = await store(folder, "add", "bundle.pem", "renewed.pem", "--out", "more.pem");
    t.equal(bundle.code, 0);
    const text = readFileSync(join(folder, "more.pem"), "utf8");
    t.ok(text.startsWith(readFileSync(join(folder, "bundle.pem"), "utf8")));
    t.equal(text.match(/BEGIN CERTIFICATE/g)?.length, 3);
  },
);

t.test("store remove takes out trusted certificates and no private keys", async (t) => {
  const keytool = requireTool(t, "keytool");
  if (keytool === undefined) return;
  const folder = await openFolder(t);
  const removed = await store(folder, "remove", "trust.jks", "CORP-ROOT", ...RIGHT);
  t.equal(removed.code, 0);
  fits(t, removed);
  t.same(await keytoolAliases(keytool, join(folder, "trust.new.jks")), ["other-root"]);
  const key = await store(folder, "remove", "key.jks", "own", ...RIGHT, "--in-place");
  t.equal(key.code, 2);
  t.match(key.stdout, "✗ 'own' is a private key with its chain; private keys are never touched\n");
  t.match(key.stdout, "keytool -delete -alias own -keystore key.jks\n");
  const all = await store(
    folder,
    "remove",
    "trust.p12",
    "#1",
    "#2",
    ...RIGHT,
    "--out",
    "empty.p12",
  );
  t.equal(all.code, 1);
  t.match(all.stdout, "The store holds no certificate any more");
  t.same(await keytoolAliases(keytool, join(folder, "empty.p12")), []);
  const twin = await store(folder, "remove", "key.jks", "corp-root", ...RIGHT);
  t.equal(twin.code, 1);
  t.match(twin.stdout, "stays as 'own'");
  t.equal(statSync(join(folder, "key.new.jks")).mode & 0o077, 0, "keys are for their owner");
});

/** Runs the command where no file may become larger than a kilobyte. */
const withFullDisk = (cwd: string, args: readonly string[]): Ended =>
  runClean("/bin/sh", ["-c", 'ulimit -f 1; exec "$0" "$@"', process.execPath, launcher, ...args], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
  });

t.test("store add leaves everything as it was when the disk is full", async (t) => {
  const folder = await openFolder(t);
  const before = readFileSync(join(folder, "trust.p12"));
  const args = ["store", "add", "trust.p12", "renewed.pem", ...RIGHT];
  for (const more of [["--in-place"], ["--out", "new.p12"]]) {
    const full = withFullDisk(folder, [...args, ...more]);
    t.equal(full.code, 3, full.stderr);
    t.match(full.stderr, "There is no room to write the file (EFBIG); nothing was changed");
    t.same(readFileSync(join(folder, "trust.p12")), before);
    t.notOk(readdirSync(folder).some((name) => /\.(bak|tmp)$|^new/.test(name)));
  }
});
