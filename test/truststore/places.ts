import { X509Certificate } from "node:crypto";
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates } from "node:tls";
import t from "tap";
import { anchorsFor } from "../../src/truststore/anchors.ts";
import { followJavaHome } from "../../src/truststore/java-home.ts";
import { loadStoreFile, loadStoreFiles, loadTruststore } from "../../src/truststore/load.ts";
import type { StoreFile } from "../../src/truststore/truststore.ts";
import { writePem } from "../../src/x509/pem.ts";
import { requireTool } from "../tools.ts";
import { javaHomes } from "./java-peers.ts";
import { at, publicRoots, requirePki, run, scratch } from "./material.ts";
import { writeKdb } from "./write-kdb.ts";
import { clearSafe, encryptedSafe, writeJks, writePfx } from "./write-stores.ts";

const pem = (index: number): string => writePem("CERTIFICATE", at(publicRoots, index));
const jks = (index: number): Uint8Array =>
  writeJks([{ alias: "ca", certificates: [at(publicRoots, index)] }]);

/** A folder with files by their names. */
function folder(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  const path = scratch(name);
  mkdirSync(path, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(path, file, ".."), { recursive: true });
    writeFileSync(join(path, file), content);
  }
  return path;
}

async function filesOf(location: string): Promise<readonly StoreFile[]> {
  const loaded = await loadStoreFiles(location);
  if (!loaded.ok) throw new Error(loaded.error.message);
  return loaded.value.files;
}

t.test(
  "loadStoreFiles() reads a directory of certificate files, whatever their names",
  async (t) => {
    const path = folder("mixed", {
      "a.pem": pem(0),
      "b.crt": at(publicRoots, 1),
      "c.jks": jks(2),
      "d.p12": writePfx([encryptedSafe([{ bag: { certificate: at(publicRoots, 3) } }])]),
      ".hidden": pem(4),
      "readme.txt": "no certificate",
      "below/e.pem": pem(5),
    });
    symlinkSync("a.pem", join(path, "z.pem"));
    symlinkSync("nowhere", join(path, "dangling.pem"));
    const loaded = await loadStoreFiles(path);
    t.match(loaded, {
      value: {
        files: [
          { path: join(path, "a.pem"), format: "pem" },
          { path: join(path, "b.crt"), format: "der" },
          { path: join(path, "c.jks"), format: "jks" },
        ],
        passedOver: [
          { code: "password-required", path: join(path, "d.p12") },
          { code: "unknown-format", path: join(path, "readme.txt") },
        ],
      },
    });
    t.ok(loaded.ok && loaded.value.files.length === 3 && loaded.value.passedOver.length === 2);
    const store = await loadTruststore({ name: "mixed", paths: [path], password: null });
    t.equal(store.ok ? anchorsFor(store.value, "go").anchors.length : 0, 3);
    t.equal(store.ok ? anchorsFor(store.value, "openssl").anchors.length : 0, 0, "no hash names");
  },
);

t.test("loadStoreFiles() sees in a directory what openssl verify -CApath sees", async (t) => {
  const made = requirePki(t);
  if (made === undefined) return;
  const { openssl, pki } = made;
  const verified = (directory: string): boolean => {
    const options = ["-no-CAfile", "-no-CAstore", "-CApath", directory];
    try {
      run(openssl, ["verify", ...options, "-untrusted", pki.intermediate, pki.leaf]);
      return true;
    } catch {
      return false;
    }
  };
  const path = folder("hashed", { "other.pem": pem(0) });
  copyFileSync(pki.root, join(path, "root.pem"));
  const anchors = async (): Promise<number> => {
    const store = await loadTruststore({ name: "hashed", paths: [path], password: null });
    return store.ok ? anchorsFor(store.value, "openssl").anchors.length : -1;
  };
  t.equal(verified(path), false);
  t.equal(await anchors(), 0);
  run(openssl, ["rehash", path]);
  t.equal(verified(path), true);
  t.equal(await anchors(), 2, "each once, although it has two names");
});

t.test("loadStoreFiles() refuses directories without certificates", async (t) => {
  t.match(await loadStoreFiles(folder("empty-folder", {})), {
    error: { code: "no-certificate", message: /holds no file with certificates: it is empty/ },
  });
  t.match(await loadStoreFiles(folder("texts", { a: "x", b: "y" })), {
    error: { code: "no-certificate", message: /: 2 files are none/ },
  });
});

for (const { release, home, java } of javaHomes())
  t.test(`loadStoreFiles() follows Java ${release} to the store that it reads`, async (t) => {
    const program = scratch(`Default${release}.java`);
    writeFileSync(
      program,
      `import javax.net.ssl.*; import java.security.*; import java.security.cert.*; import java.util.*;
       class Default { public static void main(String[] properties) throws Exception {
         for (String property : properties) {
           if (!property.equals("-")) System.setProperty("javax.net.ssl.trustStore", property);
           TrustManagerFactory f = TrustManagerFactory.getInstance("PKIX"); f.init((KeyStore) null);
           List<String> all = new ArrayList<>();
           for (X509Certificate c : ((X509TrustManager) f.getTrustManagers()[0]).getAcceptedIssuers())
             all.add(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(c.getEncoded())));
           Collections.sort(all); System.out.println(String.join(",", all)); } } }`,
    );
    const own = folder(`own-${release}`, { "trust.jks": jks(0) });
    const properties = [join(own, "trust.jks"), join(own, "missing"), own, "NONE"];
    const answers = run(java, [program, "-", ...properties])
      .split("\n")
      .map((line) => (line === "" ? [] : line.split(",")));
    const ours = (files: readonly StoreFile[]): readonly string[] =>
      files
        .flatMap(({ entries }) => entries)
        .filter(({ visibleToJava }) => visibleToJava.visible)
        .map(({ sha256 }) => sha256)
        .toSorted();
    for (const location of [home, `java-home:${home}`])
      t.same(ours(await filesOf(location)), answers[0], location);
    for (const [index, property] of properties.entries()) {
      const { path } = await followJavaHome(home, property);
      t.same(path === null ? [] : ours(await filesOf(path)), answers[index + 1], property);
    }
  });

t.test("loadStoreFiles() follows a home of a JVM to jssecacerts first, and says so", async (t) => {
  const home = folder("jdk-11", {
    "lib/security/cacerts": jks(0),
    "lib/security/jssecacerts": jks(1),
  });
  t.match(await filesOf(`java-home:${home}`), [
    {
      path: join(home, "lib/security/jssecacerts"),
      anomalies: [
        {
          code: "masks-cacerts",
          message: `The JVM reads this file and therefore not ${join(home, "lib/security/cacerts")}`,
        },
      ],
    },
  ]);
  const old = folder("jdk-8", { "jre/lib/security/cacerts": jks(0), "lib/tools.jar": "" });
  t.match(await filesOf(old), [{ path: join(old, "jre/lib/security/cacerts"), anomalies: [] }]);
  t.same(await followJavaHome(home, join(home, "missing")), {
    path: join(home, "lib/security/cacerts"),
    passedOver: [join(home, "missing")],
    masked: [],
  });
  t.match(await loadStoreFiles(`java-home:${scratch("mixed")}`), {
    error: { code: "not-found", message: /No home of a JVM: lib\/security\/jssecacerts or/ },
  });
});

t.test("loadStoreFiles() reads the database in a directory of NSS", async (t) => {
  const certutil = requireTool(t, "certutil");
  const made = certutil === undefined ? undefined : requirePki(t);
  if (certutil === undefined || made === undefined) return;
  const path = folder("nss-directory", {});
  run(certutil, ["-N", "-d", `sql:${path}`, "--empty-password"]);
  run(certutil, ["-A", "-d", `sql:${path}`, "-n", "root", "-t", "C,,", "-i", made.pki.root]);
  t.match(await filesOf(path), [
    { path: join(path, "cert9.db"), format: "nss", entries: [{ alias: "root" }] },
  ]);
  const legacy = folder("nss-legacy", { "cert8.db": Buffer.from("0006156100000002", "hex") });
  t.match(await loadStoreFiles(legacy), {
    error: { code: "unsupported-format", format: "nss-legacy" },
  });
});

t.test("loadStoreFiles() gives the certificates of the runtime", async (t) => {
  for (const name of ["bundled", "default"] as const) {
    const [file] = await filesOf(`node:${name}`);
    const expected = new Set(
      getCACertificates(name).map((pem) => new X509Certificate(pem).fingerprint256),
    );
    t.equal(file?.entries.length, expected.size, name);
  }
  t.match(await loadStoreFiles("node:nothing"), { error: { code: "not-found" } });
});

t.test("loadStoreFile() names the stash file beside a key database", async (t) => {
  const kdb = writeKdb([{ label: "ca", body: { signer: at(publicRoots, 0) } }]);
  const path = folder("gskit", { "key.kdb": kdb, "key.sth": "", "other.kdb": kdb });
  t.match(await loadStoreFile(join(path, "key.kdb")), {
    value: {
      message: `No password was given: the integrity of the file is unchecked; the stash file beside it has one: stash:${join(path, "key.sth")}`,
    },
  });
  t.match(await loadStoreFile(join(path, "other.kdb")), {
    value: { message: /is unchecked$/ },
  });
});

t.test("loadTruststore() passes over bad files of a directory only", async (t) => {
  const path = folder("with-bad", { "a.pem": pem(0), "b.pem": pem(1).slice(0, 100) });
  t.match(await loadTruststore({ name: "x", paths: [path], password: null }), { ok: true });
  t.match(await loadTruststore({ name: "x", paths: [join(path, "b.pem")], password: null }), {
    error: { code: "truncated" },
  });
  const clear = writePfx([clearSafe([])]);
  t.match(await loadStoreFiles(folder("one-p12", { "a.p12": clear })), {
    value: { files: [{ format: "pkcs12" }] },
  });
});
