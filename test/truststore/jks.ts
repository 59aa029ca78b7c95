import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import t from "tap";
import { readJks } from "../../src/truststore/read-jks.ts";
import type { StoreFile } from "../../src/truststore/truststore.ts";
import { requireTool } from "../tools.ts";
import { at, derBlocks, PASSWORD, publicRoots, requirePki, run, scratch } from "./material.ts";
import { bytes, ENTRY_DATE, u32, writeJks } from "./write-stores.ts";

const first = at(publicRoots, 0);
const second = at(publicRoots, 1);

async function read(store: Uint8Array, password: string | null = PASSWORD): Promise<StoreFile> {
  const result = await readJks(store, { password });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

t.test("readJks() reads what keytool writes, entry by entry", async (t) => {
  const keytool = requireTool(t, "keytool");
  const made = requirePki(t);
  if (keytool === undefined || made === undefined) return;
  const path = scratch("keytool.jks");
  rmSync(path, { force: true });
  const before = Date.now();
  for (const [alias, file] of [
    ["Test-Root", made.pki.root],
    ["other", made.pki.intermediate],
  ] as const)
    run(keytool, [
      "-importcert",
      "-noprompt",
      "-storetype",
      "JKS",
      "-alias",
      alias,
      "-file",
      file,
      "-keystore",
      path,
      "-storepass",
      PASSWORD,
    ]);
  const file = await read(readFileSync(path));
  t.equal(file.integrity, "ok");
  t.equal(file.message, null);
  t.same(file.java, { opens: true });
  t.same(new Set(file.entries.map(({ alias }) => alias)), new Set(["test-root", "other"]));
  const listed = run(keytool, ["-list", "-rfc", "-keystore", path, "-storepass", PASSWORD]);
  t.same(
    new Set(file.entries.map(({ der }) => Buffer.from(der).toString("hex"))),
    new Set(derBlocks(listed).map((der) => Buffer.from(der).toString("hex"))),
  );
  for (const entry of file.entries) {
    t.same(entry.visibleToJava, { visible: true });
    t.same(entry.kind, { kind: "certificate" });
    t.ok(entry.date !== null && entry.date >= before - 1000 && entry.date <= Date.now());
  }
});

t.test("readJks() reads the JDK's own cacerts", async (t) => {
  const keytool = requireTool(t, "keytool");
  if (keytool === undefined) return;
  const path = "/etc/ssl/certs/java/cacerts";
  let listed: string;
  try {
    listed = run(keytool, ["-list", "-rfc", "-keystore", path, "-storepass", PASSWORD]);
  } catch {
    t.plan(0, `keytool does not list ${path}`);
    return;
  }
  const aliases = [...listed.matchAll(/^Alias name: (.*)$/gm)].map(([, alias]) => alias);
  const file = await read(readFileSync(path));
  t.equal(file.integrity, "ok");
  t.ok(file.entries.length > 100);
  t.same(new Set(file.entries.map(({ alias }) => alias)), new Set(aliases));
  t.same(
    new Set(file.entries.map(({ der }) => Buffer.from(der).toString("base64"))),
    new Set(derBlocks(listed).map((der) => Buffer.from(der).toString("base64"))),
  );
});

t.test("readJks() returns the entries of a store with another password, marked", async (t) => {
  const store = writeJks([{ alias: "a", certificates: [first] }]);
  for (const password of ["wrong", "", "changeit "]) {
    const file = await read(store, password);
    t.equal(file.integrity, "wrong");
    t.equal(file.entries.length, 1);
    t.match(file.message, /password is wrong or the file was changed/);
    t.match(file.java, { opens: false, message: /Keystore was tampered with, or password was/ });
  }
});

t.test("readJks() leaves the integrity unchecked without a password", async (t) => {
  const file = await read(writeJks([{ alias: "a", certificates: [first] }]), null);
  t.equal(file.integrity, "unchecked");
  t.same(file.java, { opens: true });
  t.equal(at(file.entries, 0).date, ENTRY_DATE);
});

t.test("readJks() sees a changed byte in any certificate", async (t) => {
  const store = writeJks([{ alias: "a", certificates: [first] }]);
  const changed = Uint8Array.from(store);
  changed[store.length - 40] = (changed[store.length - 40] ?? 0) ^ 1;
  t.equal((await read(changed)).integrity, "wrong");
});

t.test(
  "readJks() tells aliases with upper case, that Java enumerates and never finds",
  async (t) => {
    const file = await read(
      writeJks([
        { alias: "Upper", certificates: [first] },
        { alias: "ünïcode", certificates: [second] },
      ]),
    );
    t.same(at(file.entries, 0).visibleToJava, { visible: false, reason: "alias-not-lower-case" });
    t.same(at(file.entries, 1).visibleToJava, { visible: true });
    t.equal(at(file.entries, 1).alias, "ünïcode");
  },
);

t.test("readJks() tells entries whose alias a later one takes over", async (t) => {
  const file = await read(
    writeJks([
      { alias: "ca", certificates: [first] },
      { alias: "ca", certificates: [second] },
    ]),
  );
  t.same(at(file.entries, 0).visibleToJava, { visible: false, reason: "alias-overwritten" });
  t.same(at(file.entries, 1).visibleToJava, { visible: true });
  t.match(file.anomalies, [{ code: "duplicate-alias", message: /'ca'/ }]);
});

t.test("readJks() counts only the first certificate of a private key's chain", async (t) => {
  const file = await read(
    writeJks([
      { alias: "server", key: true, certificates: [first, second] },
      { alias: "ca", certificates: [at(publicRoots, 2)] },
    ]),
  );
  t.same(
    file.entries.map(({ kind }) => kind),
    [{ kind: "key", position: 0 }, { kind: "key", position: 1 }, { kind: "certificate" }],
  );
  t.same(
    file.entries.map(({ visibleToJava }) => visibleToJava),
    [{ visible: true }, { visible: false, reason: "not-first-in-key-chain" }, { visible: true }],
  );
  t.equal(file.skipped.privateKeys, 1);
});

t.test("readJks() reads version 1", async (t) => {
  const file = await read(writeJks([{ alias: "a", certificates: [first] }], PASSWORD, 1));
  t.equal(file.flavour.version, 1);
  t.equal(file.integrity, "ok");
  t.ok(at(file.entries, 0).certificate.ok);
});

t.test("readJks() keeps entries that are no readable certificates", async (t) => {
  const file = await read(
    writeJks([
      { alias: "junk", certificates: [Buffer.from("no certificate")] },
      { alias: "ca", certificates: [first] },
    ]),
  );
  t.notOk(at(file.entries, 0).certificate.ok);
  t.same(at(file.entries, 0).visibleToJava, { visible: false, reason: "certificate-unreadable" });
  t.match(file.anomalies, [{ code: "certificate-unreadable", message: /^Entry 'junk'/ }]);
  t.equal(file.java.opens, false, "Java gives up on the whole store");
});

t.test("readJks() cuts what follows the certificate inside its entry, as Java does", async (t) => {
  const file = await read(writeJks([{ alias: "a", certificates: [bytes(first, u32(7))] }]));
  t.same(Buffer.from(at(file.entries, 0).der), Buffer.from(first));
});

t.test("readJks() tells bytes behind the digest and a digest that is cut off", async (t) => {
  const store = writeJks([{ alias: "a", certificates: [first] }]);
  t.match((await read(bytes(store, u32(1)))).anomalies, [{ code: "trailing-bytes" }]);
  const cut = store.subarray(0, store.length - 1);
  t.match(await read(cut), {
    integrity: "wrong",
    anomalies: [{ code: "digest-missing" }],
    java: { opens: false, message: "java.io.EOFException" },
  });
  t.match(await read(cut, null), { integrity: "unchecked", java: { opens: true } });
});

t.test("readJks() refuses a store that is cut off anywhere before its digest", async (t) => {
  const store = writeJks([{ alias: "alias", certificates: [first] }]);
  for (let length = 4; length < store.length - 20; length++) {
    const result = await readJks(store.subarray(0, length), { password: PASSWORD });
    if (result.ok || result.error.code !== "truncated") t.fail(`cut at ${length}`, { result });
  }
  t.match(await readJks(store.subarray(0, 100), { password: PASSWORD }), {
    ok: false,
    error: {
      message:
        /^File ends inside the certificate of entry 1 of 1: \d+ bytes are needed at offset 42/,
      offset: 42,
      javaMessage: "java.io.EOFException",
    },
  });
});

t.test("readJks() refuses counts and tags that cannot be", async (t) => {
  const head = (...words: readonly number[]): Uint8Array => bytes(...words.map(u32));
  for (const [store, code, message] of [
    [head(0xfeedfeed, 3, 1), "malformed", /^JKS version 3 at offset 4 is not 1 or 2$/],
    [head(0xfeedfeed, 2, 0xffffffff), "too-many-entries", /announces 4294967295 entries/],
    [head(0xfeedfeed, 2, 1, 9), "malformed", /has tag 9 at offset 12/],
    [
      bytes(head(0xfeedfeed, 2, 1, 1), Buffer.alloc(10), head(0, 30_000)),
      "too-many-entries",
      /announces a chain of 30000 certificates/,
    ],
    [
      bytes(head(0xfeedfeed, 2, 1, 2), Uint8Array.of(0, 1, 0xff), Buffer.alloc(40)),
      "malformed",
      /alias of entry 1 of 1 at offset 16 is not modified UTF-8/,
    ],
  ] as const)
    t.match(await readJks(store, { password: null }), { ok: false, error: { code, message } });
});

t.test("readJks() decodes modified UTF-8 aliases that Java writes", async (t) => {
  const java = requireTool(t, "java");
  const made = requirePki(t);
  if (java === undefined || made === undefined) return;
  const path = scratch("alias.jks");
  const program = scratch("Alias.java");
  writeFileSync(
    program,
    `import java.io.*; import java.security.*; import java.security.cert.*;
     class Alias { public static void main(String[] a) throws Exception {
       KeyStore k = KeyStore.getInstance("JKS"); k.load(null, null);
       k.setCertificateEntry("a\\u0000\\ud83d\\ude00\\u20ac", CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream(a[0])));
       try (OutputStream out = new FileOutputStream(a[1])) { k.store(out, "p\\u00e4\\u20ac".toCharArray()); } } }`,
  );
  execFileSync(java, [program, made.pki.root, path], { stdio: "pipe" });
  const file = await read(readFileSync(path), "pä€");
  t.equal(at(file.entries, 0).alias, "a\0😀€");
  t.equal(file.integrity, "ok");
});
