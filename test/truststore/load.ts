import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { getuid } from "node:process";
import t from "tap";
import { anchorsFor } from "../../src/truststore/anchors.ts";
import { loadStoreFile, loadTruststore } from "../../src/truststore/load.ts";
import { systemStore } from "../../src/truststore/system-store.ts";
import type { Truststore } from "../../src/truststore/truststore.ts";
import { writePem } from "../../src/x509/pem.ts";
import { at, PASSWORD, publicRoots, requirePki, run, scratch } from "./material.ts";
import { clearSafe, encryptedSafe, writeJks, writePfx } from "./write-stores.ts";

const root = at(publicRoots, 0);
const second = at(publicRoots, 1);

function write(name: string, content: Uint8Array | string): string {
  const path = scratch(name);
  writeFileSync(path, content);
  return path;
}

async function truststore(...paths: readonly string[]): Promise<Truststore> {
  const store = await loadTruststore({ name: "test", paths, password: PASSWORD });
  if (!store.ok) throw new Error(store.error.message);
  return store.value;
}

t.test("loadStoreFile() reads a file by content, whatever its name", async (t) => {
  const path = write("misnamed.pem", writeJks([{ alias: "ca", certificates: [root] }]));
  t.match(await loadStoreFile(path), { ok: true, value: { format: "jks", path } });
});

t.test("loadStoreFile() tells a missing file and Java's silent fall-back", async (t) => {
  const path = scratch("missing.jks");
  t.match(await loadStoreFile(path), {
    ok: false,
    error: {
      code: "not-found",
      path,
      message: `${path}: File not found; Java clients fall back to the JDK's own cacerts without a message`,
      remedy: [/ls -l/],
    },
  });
  t.match(await loadStoreFile(`${write("file", "x")}/below`), { error: { code: "not-found" } });
});

t.test("loadStoreFile() tells a directory, a device and a file without permission", async (t) => {
  const directory = scratch("directory");
  mkdirSync(directory, { recursive: true });
  t.match(await loadStoreFile(directory), {
    error: { code: "not-a-file", path: directory, message: /This is a directory/ },
  });
  t.match(await loadStoreFile("/dev/zero"), { error: { code: "not-a-file" } });
  const closed = write("closed.jks", "x");
  chmodSync(closed, 0o000);
  if (getuid?.() === 0) t.comment("root may read every file");
  else t.match(await loadStoreFile(closed), { error: { code: "permission-denied" } });
});

t.test("loadStoreFile() tells an empty file", async (t) => {
  const path = write("empty.p12", "");
  t.match(await loadStoreFile(path), {
    error: {
      code: "empty-file",
      message: `${path}: The file is empty (0 bytes); a truststore was expected`,
    },
  });
});

t.test("loadStoreFile() refuses a file above 64 MiB without reading it", async (t) => {
  const path = write("large.jks", "");
  const { truncateSync } = await import("node:fs");
  truncateSync(path, 64 * 2 ** 20 + 1);
  t.match(await loadStoreFile(path), {
    error: {
      code: "too-large",
      message: /The file has 67108865 bytes; truststores up to 67108864/,
    },
  });
});

t.test("loadTruststore() makes one store of several files", async (t) => {
  const jks = write("one.jks", writeJks([{ alias: "ca", certificates: [root] }]));
  const pem = write("two.pem", writePem("CERTIFICATE", second));
  const store = await truststore(jks, pem);
  t.same(
    store.files.map(({ path, format }) => [path, format]),
    [
      [jks, "jks"],
      [pem, "pem"],
    ],
  );
  for (const family of ["java", "openssl"] as const)
    t.equal(anchorsFor(store, family).anchors.length, 2);
});

t.test("loadTruststore() fails with the name of the first bad file", async (t) => {
  const good = write("good.pem", writePem("CERTIFICATE", root));
  const bad = write("bad.pem", writePem("CERTIFICATE", root).slice(0, 300));
  t.match(await loadTruststore({ name: "x", paths: [good, bad], password: null }), {
    ok: false,
    error: { code: "truncated", path: bad, line: 1, message: new RegExp(`^${bad}: `) },
  });
});

t.test("loadTruststore() fails for a wrong password of any format that has one", async (t) => {
  const stores = [
    write("pw.jks", writeJks([{ alias: "ca", certificates: [root] }])),
    write("pw.p12", writePfx([encryptedSafe([{ bag: { certificate: root }, trusted: true }])])),
  ];
  for (const path of stores) {
    const result = await loadTruststore({ name: "x", paths: [path], password: "secret-guess" });
    t.match(result, {
      ok: false,
      error: { code: "wrong-password", path, javaMessage: /^java\.io\.IOException/ },
    });
    t.notMatch(JSON.stringify(result), /secret-guess/);
  }
});

t.test("anchorsFor() gives each certificate once, and why others are none", async (t) => {
  const [third, fourth] = [at(publicRoots, 2), at(publicRoots, 3)];
  const jks = write(
    "families.jks",
    writeJks([
      { alias: "ca", certificates: [root] },
      { alias: "Upper", certificates: [second] },
      { alias: "key", key: true, certificates: [third, fourth] },
    ]),
  );
  const p12 = write(
    "families.p12",
    writePfx([
      clearSafe([
        { bag: { certificate: at(publicRoots, 4) } },
        { bag: { certificate: root }, trusted: true },
      ]),
    ]),
  );
  const store = await truststore(jks, p12);
  const summary = (family: "java" | "openssl"): unknown => {
    const { anchors, ignored } = anchorsFor(store, family);
    const number = (der: Uint8Array): number =>
      publicRoots.findIndex((one) => Buffer.compare(one, der) === 0);
    return [
      anchors.map(({ der }) => number(der)),
      ignored.map(({ entry, reason }) => [number(entry.der), reason]),
    ];
  };
  t.same(summary("java"), [
    [0, 2],
    [
      [1, "alias-not-lower-case"],
      [3, "not-first-in-key-chain"],
      [4, "no-trusted-key-usage"],
      [0, "duplicate"],
    ],
  ]);
  t.same(summary("openssl"), [
    [0, 1, 4],
    [
      [2, "key-entry"],
      [3, "key-entry"],
      [0, "duplicate"],
    ],
  ]);
});

t.test("anchorsFor() decides about trusted certificates as openssl does", async (t) => {
  const made = requirePki(t);
  if (made === undefined) return;
  const { openssl, pki } = made;
  const settings: readonly (readonly string[])[] = [
    [],
    ["-addtrust", "serverAuth"],
    ["-addtrust", "emailProtection"],
    ["-addtrust", "anyExtendedKeyUsage"],
    ["-addreject", "serverAuth"],
    ["-addreject", "emailProtection"],
    ["-addreject", "anyExtendedKeyUsage"],
    ["-addtrust", "serverAuth", "-addreject", "serverAuth"],
  ];
  for (const [index, options] of settings.entries()) {
    const path = scratch(`trusted-${index}.pem`);
    run(openssl, ["x509", "-in", pki.root, "-trustout", ...options, "-out", path]);
    let verified = true;
    try {
      run(openssl, [
        "verify",
        "-purpose",
        "sslserver",
        "-no-CAfile",
        "-no-CApath",
        "-CAfile",
        path,
        "-untrusted",
        pki.intermediate,
        pki.leaf,
      ]);
    } catch {
      verified = false;
    }
    const { anchors, ignored } = anchorsFor(await truststore(path), "openssl");
    t.equal(anchors.length === 1, verified, options.join(" "));
    t.equal(ignored.length, verified ? 0 : 1);
    if (ignored[0] !== undefined) t.match(ignored[0].reason, /^purpose-/);
  }
});

t.test("systemStore() gives each anchor of the operating system once", async (t) => {
  const store = systemStore();
  if (!store.ok) {
    t.plan(0, store.error.message);
    return;
  }
  const file = at(store.value.files, 0);
  t.equal(file.format, "system");
  const prints = file.entries.map(({ sha256 }) => sha256);
  t.equal(new Set(prints).size, prints.length);
  t.same(
    file.entries.map(({ index }) => index),
    prints.map((_, index) => index),
  );
  t.equal(anchorsFor(store.value, "openssl").anchors.length, prints.length);
});
