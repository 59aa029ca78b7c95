import { execFile } from "node:child_process";
import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect, promisify } from "node:util";
import t, { type Test } from "tap";
import { loadPrivateKeys, readPrivateKeys } from "../../src/truststore/load-private-keys.ts";
import { requireTool } from "../tools.ts";

const run = promisify(execFile);

const STORE_PASSWORD = "store-pa55";
const KEY_PASSWORD = "kéy-pa55";
const ASCII_KEY_PASSWORD = "key-pa55";

const JAVA_KEYS = {
  rsa: ["-keyalg", "RSA", "-keysize", "2048"],
  "rsa-pss": ["-keyalg", "RSASSA-PSS", "-keysize", "2048"],
  p256: ["-keyalg", "EC", "-groupname", "secp256r1"],
  p384: ["-keyalg", "EC", "-groupname", "secp384r1"],
  p521: ["-keyalg", "EC", "-groupname", "secp521r1"],
  ed25519: ["-keyalg", "Ed25519"],
  ed448: ["-keyalg", "Ed448"],
} as const;

const NODE_TYPES: Readonly<Record<keyof typeof JAVA_KEYS, string>> = {
  rsa: "rsa",
  "rsa-pss": "rsa-pss",
  p256: "ec",
  p384: "ec",
  p521: "ec",
  ed25519: "ed25519",
  ed448: "ed448",
};

const keyNames = Object.keys(JAVA_KEYS) as (keyof typeof JAVA_KEYS)[];

/** Which keys are copied into stores of the other types, whose protection does not depend on the key. */
const COPIES = {
  jceks: { aliases: ["p256"], keyPassword: ASCII_KEY_PASSWORD },
  pkcs12: { aliases: ["p256", "rsa-pss", "ed448"], keyPassword: STORE_PASSWORD },
} as const;

const none = { storePassword: null, keyPassword: null, alias: null };

t.test("loadPrivateKeys() opens every type of key in the stores of keytool", async (t) => {
  const keytool = requireTool(t, "keytool");
  if (keytool === undefined) return;
  const directory = t.testdir();
  const path = (type: string): string => join(directory, `keys.${type}`);
  const passwords = { storePassword: STORE_PASSWORD, keyPassword: ASCII_KEY_PASSWORD };
  for (const [alias, options] of Object.entries(JAVA_KEYS))
    await run(keytool, [
      "-genkeypair",
      ...options,
      "-alias",
      alias,
      "-dname",
      `CN=${alias}`,
      "-keystore",
      path("jks"),
      "-storetype",
      "JKS",
      "-storepass",
      STORE_PASSWORD,
      "-keypass",
      ASCII_KEY_PASSWORD,
    ]);
  for (const [type, { aliases, keyPassword }] of Object.entries(COPIES))
    for (const alias of aliases)
      await run(keytool, [
        "-importkeystore",
        "-srckeystore",
        path("jks"),
        "-srcstorepass",
        STORE_PASSWORD,
        "-srcalias",
        alias,
        "-srckeypass",
        ASCII_KEY_PASSWORD,
        "-destkeystore",
        path(type),
        "-deststoretype",
        type,
        "-deststorepass",
        STORE_PASSWORD,
        "-destkeypass",
        keyPassword,
        "-noprompt",
      ]);
  for (const type of ["jks", "jceks", "pkcs12"] as const) {
    const aliases = type === "jks" ? keyNames : COPIES[type].aliases;
    const keyPassword = type === "pkcs12" ? null : ASCII_KEY_PASSWORD;
    const loaded = await loadPrivateKeys(path(type), { ...passwords, keyPassword, alias: null });
    t.ok(loaded.ok, loaded.ok ? type : loaded.error.message);
    if (!loaded.ok) continue;
    const types = Object.fromEntries(
      loaded.value.map(({ alias, key }) => [alias, key.asymmetricKeyType]),
    );
    t.same(types, Object.fromEntries(aliases.map((alias) => [alias, NODE_TYPES[alias]])), type);
    t.ok(loaded.value.every(({ chain }) => chain.length === 1));
    const one = await loadPrivateKeys(path(type), { ...passwords, keyPassword, alias: "P256" });
    t.same(one.ok && one.value.map(({ alias }) => alias), ["p256"], "aliases know no case");
    const stranger = await loadPrivateKeys(path(type), { ...passwords, keyPassword, alias: "no" });
    t.match(stranger, { ok: false, error: { code: "no-such-alias", message: '"p256"' } });
    const wrong = await loadPrivateKeys(path(type), {
      storePassword: type === "pkcs12" ? "wrong" : null,
      keyPassword: "wrong",
      alias: null,
    });
    const code = type === "pkcs12" ? "wrong-password" : "wrong-key-password";
    t.match(wrong, { ok: false, error: { code } });
  }
  t.match(await loadPrivateKeys(path("jks"), none), {
    ok: false,
    error: { code: "password-required" },
  });
});

/** What a key is, without showing it. */
const fingerprint = (pem: string): string =>
  createHash("sha256")
    .update(createPublicKey(createPrivateKey(pem)).export({ format: "der", type: "spki" }))
    .digest("hex");

interface Pair {
  readonly directory: string;
  readonly openssl: string;
  readonly key: string;
  readonly certificate: string;
}

async function pair(t: Test): Promise<Pair | undefined> {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return undefined;
  const directory = t.testdir();
  const [key, certificate] = [join(directory, "own.key"), join(directory, "own.pem")];
  await run(
    openssl,
    [
      ["req", "-x509", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=own"],
      ["-keyout", key, "-out", certificate],
    ].flat(),
  );
  return { directory, openssl, key, certificate };
}

t.test("loadPrivateKeys() opens PKCS#12 files of openssl", async (t) => {
  const own = await pair(t);
  if (own === undefined) return;
  const { directory, openssl, key, certificate } = own;
  const expected = fingerprint(readFileSync(key, "utf8"));
  const flavours = {
    modern: [],
    legacy: ["-legacy"],
    "3des": ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"],
    "plain key": ["-keypbe", "NONE"],
    plain: ["-keypbe", "NONE", "-certpbe", "NONE", "-nomac"],
  };
  for (const [flavour, options] of Object.entries(flavours)) {
    const file = join(directory, `${flavour}.p12`);
    await run(
      openssl,
      [
        ["pkcs12", "-export", ...options, "-name", "mine", "-inkey", key, "-in", certificate],
        ["-passout", `pass:${KEY_PASSWORD}`, "-out", file],
      ].flat(),
    );
    const storePassword = flavour === "plain" ? null : KEY_PASSWORD;
    const loaded = await loadPrivateKeys(file, { ...none, storePassword });
    t.ok(loaded.ok, loaded.ok ? flavour : `${flavour}: ${loaded.error.message}`);
    if (!loaded.ok) continue;
    const [entry] = loaded.value;
    t.equal(entry?.alias, "mine");
    t.equal(entry && publicFingerprint(entry.key), expected);
  }
});

const publicFingerprint = (key: Parameters<typeof createPublicKey>[0]): string =>
  createHash("sha256")
    .update(createPublicKey(key).export({ format: "der", type: "spki" }))
    .digest("hex");

t.test("loadPrivateKeys() opens PEM files in every protection of openssl", async (t) => {
  const own = await pair(t);
  if (own === undefined) return;
  const { openssl, key, certificate } = own;
  const expected = fingerprint(readFileSync(key, "utf8"));
  const pem = readFileSync(certificate, "utf8");
  const pkcs8 = ["pkcs8", "-topk8", "-in", key, "-passout", `pass:${KEY_PASSWORD}`];
  const legacy = ["-provider", "legacy", "-provider", "default"];
  const forms: Readonly<Record<string, readonly string[]>> = {
    "PBES2 with AES-256": [...pkcs8, "-v2", "aes-256-cbc"],
    "PBES2 with 3DES and SHA-1": [...pkcs8, "-v2", "des3", "-v2prf", "hmacWithSHA1"],
    scrypt: [...pkcs8, "-scrypt"],
    "PBE-SHA1-3DES": [...pkcs8, "-v1", "PBE-SHA1-3DES"],
    "PBE-SHA1-RC2-40": [...pkcs8, "-v1", "PBE-SHA1-RC2-40", ...legacy],
    "PBE-MD5-DES": [...pkcs8, "-v1", "PBE-MD5-DES", ...legacy],
    "PBE-SHA1-DES": [...pkcs8, "-v1", "PBE-SHA1-DES", ...legacy],
    "traditional, AES-128": [
      ["rsa", "-in", key, "-traditional", "-aes128", "-passout", `pass:${KEY_PASSWORD}`],
    ].flat(),
    "traditional, 3DES": [
      ["rsa", "-in", key, "-traditional", "-des3", "-passout", `pass:${KEY_PASSWORD}`],
    ].flat(),
    traditional: ["rsa", "-in", key, "-traditional"],
    "PKCS#8 in the clear": ["pkcs8", "-topk8", "-nocrypt", "-in", key],
  };
  for (const [form, args] of Object.entries(forms)) {
    const { stdout } = await run(openssl, args);
    const clear = form === "traditional" || form.includes("clear");
    for (const text of [`${pem}${stdout}`, `${stdout}${pem}`]) {
      const bytes = Buffer.from(text);
      const read = await readPrivateKeys(bytes, {
        ...none,
        keyPassword: clear ? null : KEY_PASSWORD,
      });
      t.ok(read.ok, read.ok ? form : `${form}: ${read.error.message}`);
      if (!read.ok) continue;
      t.equal(read.value[0] && publicFingerprint(read.value[0].key), expected, form);
    }
    if (clear) continue;
    const bytes = Buffer.from(`${pem}${stdout}`);
    const without = await readPrivateKeys(bytes, none);
    t.match(without, { ok: false, error: { code: "password-required" } }, form);
    const wrong = await readPrivateKeys(bytes, { ...none, keyPassword: "wrong" });
    t.match(wrong, { ok: false, error: { code: "wrong-key-password" } }, form);
  }
});

t.test("loadPrivateKeys() refuses what holds no usable key and shows none", async (t) => {
  const own = await pair(t);
  if (own === undefined) return;
  const { directory, openssl, key, certificate } = own;
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  };
  const [keyText, pem] = [readFileSync(key, "utf8"), readFileSync(certificate, "utf8")];
  const { stdout: other } = await run(openssl, ["genpkey", "-algorithm", "ed25519"]);
  const cases: readonly (readonly [path: string, code: string])[] = [
    [join(directory, "absent"), "unreadable"],
    [directory, "unreadable"],
    [certificate, "no-key"],
    [key, "no-certificate"],
    [file("mismatch.pem", `${pem}${other}`), "key-mismatch"],
    [file("garbled.pem", `${pem}${keyText.replace("MII", "AAA")}`), "key-unusable"],
    [file("noise", "nothing of interest"), "unsupported"],
    [file("cut.jks", Buffer.from("feedfeed0000000200000001", "hex")), "unreadable"],
  ];
  for (const [path, code] of cases) {
    const loaded = await loadPrivateKeys(path, none);
    t.match(loaded, { ok: false, error: { code } }, path);
    const secret = keyText.split("\n")[5] ?? "";
    t.notOk(inspect(loaded, { depth: 9 }).includes(secret));
  }
  const loaded = await readPrivateKeys(Buffer.from(`${pem}${keyText}`), none);
  t.ok(loaded.ok);
  t.notOk(JSON.stringify(loaded).includes(keyText.split("\n")[5] ?? ""));
});

t.test("readPrivateKeys() fails with data on keystores cut at every byte", async (t) => {
  const keytool = requireTool(t, "keytool");
  if (keytool === undefined) return;
  const path = join(t.testdir(), "keys.jks");
  await run(
    keytool,
    [
      ["-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-alias", "a", "-dname", "CN=a"],
      ["-keystore", path, "-storetype", "JKS", "-storepass", STORE_PASSWORD],
      ["-keypass", STORE_PASSWORD],
    ].flat(),
  );
  const bytes = readFileSync(path);
  const options = { ...none, storePassword: STORE_PASSWORD };
  t.ok((await readPrivateKeys(bytes, options)).ok);
  for (let length = 0; length < bytes.length - 20; length++) {
    const read = await readPrivateKeys(bytes.subarray(0, length), options);
    if (read.ok) t.fail(`A file of ${length} bytes was accepted`);
  }
  for (let at = 0; at < bytes.length - 20; at += 3) {
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ 0x41;
    await readPrivateKeys(flipped, options);
  }
});
