import { spawnSync } from "node:child_process";
import { truncateSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { loadIdentity } from "../../src/daemon/identity.ts";
import { systemReaders } from "../../src/daemon/system-readers.ts";
import { requireTool } from "../tools.ts";
import { keyPem, writeFiles } from "./fixture.ts";
import { certificate } from "./samples.ts";

const PASSWORD = "correct horse";

void t.test("loadIdentity() reads a chain and its key, encrypted or not", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const folder = t.testdir();
  const root = certificate({ name: "Root", ca: true });
  const own = certificate({ name: "gateway", issuer: root });
  writeFiles(folder, {
    "chain.pem": `Bag Attributes\n${own.pem}\n${root.pem}`,
    "plain.key": keyPem(own),
    password: `${PASSWORD}\n`,
  });
  const encrypted = join(folder, "encrypted.key");
  const args = ["pkcs8", "-topk8", "-in", join(folder, "plain.key"), "-out", encrypted];
  t.equal(spawnSync(openssl, [...args, "-passout", `pass:${PASSWORD}`]).status, 0);
  for (const [key, password] of [
    ["plain.key", null],
    ["encrypted.key", { kind: "file", path: join(folder, "password") }],
  ] as const) {
    const loaded = await loadIdentity(
      {
        kind: "pem",
        certificate: join(folder, "chain.pem"),
        key: join(folder, key),
        password,
        keyManager: null,
      },
      "configured",
      systemReaders.secret,
    );
    if (!loaded.ok) throw new Error(loaded.error);
    const [first, ...others] = loaded.value.keyring.certificates;
    t.same(others, []);
    t.same(
      first?.chain.map((der) => Buffer.from(der)),
      [own.der, root.der],
    );
    t.equal(first?.key.type, "private");
    t.match(loaded.value.id, /^[0-9a-f]{64}$/);
  }
});

void t.test("loadIdentity() says which file is wrong and shows no secret", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const folder = t.testdir();
  const own = certificate({ name: "gateway" });
  const stranger = certificate({ name: "stranger" });
  writeFiles(folder, {
    "own.pem": own.pem,
    "own.key": keyPem(own),
    "stranger.key": keyPem(stranger),
    "empty.pem": "",
    "noise.pem": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "noise.key": `-----BEGIN PRIVATE KEY-----\n${PASSWORD}\n-----END PRIVATE KEY-----\n`,
    "large.pem": "",
    wrong: "battery staple",
  });
  truncateSync(join(folder, "large.pem"), 2 ** 21);
  const encrypt = [
    "pkcs8",
    "-topk8",
    "-in",
    join(folder, "own.key"),
    "-passout",
    `pass:${PASSWORD}`,
  ];
  spawnSync(openssl, [...encrypt, "-out", join(folder, "encrypted.key")]);
  const wrong = { kind: "file", path: join(folder, "wrong") } as const;
  const missing = { kind: "env", name: "ANCHORWATCH_TEST_NOT_SET" } as const;
  for (const [cert, key, password, error] of [
    ["missing.pem", "own.key", null, /missing\.pem does not exist$/],
    [".", "own.key", null, /cannot be read \(EISDIR\)$/],
    ["large.pem", "own.key", null, /large\.pem is larger than 1 MiB$/],
    ["empty.pem", "own.key", null, /empty\.pem/],
    ["own.key", "own.key", null, /own\.key holds no certificate$/],
    ["noise.pem", "own.key", null, /noise\.pem is unreadable/],
    ["own.pem", "missing.key", null, /missing\.key does not exist$/],
    ["own.pem", "noise.key", null, /noise\.key holds no private key that can be read$/],
    ["own.pem", "own.pem", null, /own\.pem holds no private key that can be read$/],
    ["own.pem", "encrypted.key", null, /is encrypted and no password is given for it$/],
    ["own.pem", "encrypted.key", wrong, /no private key that can be read with the password given$/],
    ["own.pem", "encrypted.key", missing, /password of .*encrypted\.key cannot be read/],
    [
      "own.pem",
      "stranger.key",
      null,
      /stranger\.key does not belong to the certificate in .*own\.pem$/,
    ],
  ] as const) {
    const paths = { certificate: join(folder, cert), key: join(folder, key), password };
    const identity = { kind: "pem", ...paths, keyManager: null } as const;
    const loaded = await loadIdentity(identity, "configured", systemReaders.secret);
    t.match(loaded, { ok: false, error }, `${cert} with ${key}`);
    t.notMatch(JSON.stringify(loaded), /horse|staple/);
  }
});
