import { hash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import t, { type Test } from "tap";
import { editStore, type EditedStore } from "../../src/truststore/edit-store.ts";
import { layOutJks } from "../../src/truststore/jks-layout.ts";
import { parseStore } from "../../src/truststore/parse-store.ts";
import type { EditError, StoreEdit } from "../../src/truststore/store-edit.ts";
import type { StoreFile } from "../../src/truststore/truststore.ts";
import { writeJks } from "../../src/truststore/write-jks.ts";
import { writePemStore } from "../../src/truststore/write-pem.ts";
import { LEGACY_PKCS12, MODERN_PKCS12, writePkcs12 } from "../../src/truststore/write-pkcs12.ts";
import { fail, type Result } from "../../src/x509/result.ts";
import { requireTool } from "../tools.ts";
import { askJava } from "./ask-java.ts";
import { requireJava } from "./java-peers.ts";
import { at, PASSWORD, publicRoots, requirePki, run, scratch } from "./material.ts";
import { authSafeOf, clearSafe, pbmac1, toBer, writePfx } from "./write-stores.ts";

const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_121);
const NOW = Date.parse("2026-11-21T12:00:00Z");
const [first, second, third, fourth] = [0, 1, 2, 3].map((index) => at(publicRoots, index));
if (first === undefined || second === undefined || third === undefined || fourth === undefined)
  throw new Error("The runtime brings fewer than four roots");

async function edit(
  bytes: Uint8Array,
  change: Partial<StoreEdit>,
  password: string | null = PASSWORD,
): Promise<Result<EditedStore, EditError>> {
  const read = await parseStore(bytes, { password });
  if (!read.ok) return fail({ code: "unsafe", message: read.error.message, remedy: [] });
  return editStore(
    { bytes, file: read.value, password, now: NOW },
    { add: change.add ?? [], remove: change.remove ?? new Set() },
  );
}

const aliasesOf = ({ entries }: StoreFile): readonly (string | null)[] =>
  entries.map(({ alias }) => alias);

const sums = ({ entries }: StoreFile): readonly string[] => entries.map(({ sha256 }) => sha256);

const two = [
  { alias: "one", der: first },
  { alias: "two", der: second },
];

t.test("editStore() adds to and removes from each format and keeps the rest", async (t) => {
  const stores = {
    JKS: writeJks(two, PASSWORD, NOW),
    "PKCS#12": await writePkcs12(two, PASSWORD, MODERN_PKCS12),
    "legacy PKCS#12": await writePkcs12(two, PASSWORD, LEGACY_PKCS12),
    "PKCS#12 in BER": toBer(await writePkcs12(two, PASSWORD, MODERN_PKCS12)),
    "password-less PKCS#12": await writePkcs12(two, "", {
      safe: { kind: "none" },
      mac: null,
      trusted: true,
    }),
    PEM: Buffer.from(writePemStore(two)),
  };
  for (const [name, bytes] of Object.entries(stores))
    await t.test(`editStore() of ${name}`, async (t) => {
      const password = name === "PEM" || name.startsWith("password-less") ? null : PASSWORD;
      const before = await parseStore(bytes, { password });
      const edited = await edit(
        bytes,
        { add: [{ alias: name === "PEM" ? null : "three", der: third }], remove: new Set([0]) },
        password,
      );
      t.ok(edited.ok, edited.ok ? "" : edited.error.message);
      if (!edited.ok || !before.ok) return;
      const { file } = edited.value;
      t.same(
        sums(file),
        [second, third].map((der) => hash("sha256", der, "hex")),
      );
      if (name !== "PEM") t.same(aliasesOf(file), ["two", "three"]);
      t.equal(file.integrity, before.value.integrity);
      t.equal(file.flavour.summary, before.value.flavour.summary);
      for (const entry of file.entries) t.ok(entry.visibleToJava.visible);
    });
});

const keystores = new Map<string, string>();

/** A store by keytool with a private key, a CA in front of it and one behind; made once. */
function withKey(keytool: string, type: "JKS" | "PKCS12"): string {
  const known = keystores.get(type) ?? makeKeystore(keytool, type);
  keystores.set(type, known);
  return known;
}

function makeKeystore(keytool: string, type: "JKS" | "PKCS12"): string {
  const path = scratch(`with-key.${type.toLowerCase()}`);
  const common = ["-keystore", path, "-storetype", type, "-storepass", PASSWORD];
  const root = (name: string, der: Uint8Array): string => {
    const file = scratch(`${name}.cer`);
    writeFileSync(file, der);
    return file;
  };
  const importing = (alias: string, file: string): void => {
    run(keytool, ["-importcert", "-noprompt", "-alias", alias, "-file", file, ...common]);
  };
  importing("front", root("front", first ?? new Uint8Array()));
  const key = ["-genkeypair", "-alias", "own-key", "-keyalg", "EC", "-dname", "CN=own"];
  run(keytool, [...key, "-keypass", PASSWORD, ...common]);
  importing("behind", root("behind", second ?? new Uint8Array()));
  return path;
}

/** The private key that openssl finds in a PKCS#12 file. */
const keyIn = (openssl: string, path: string): string =>
  run(openssl, [
    "pkcs12",
    "-in",
    path,
    "-nocerts",
    "-nodes",
    "-passin",
    `pass:${PASSWORD}`,
  ]).replace(/^[^]*?(?=-----BEGIN)/, "");

async function checkKeyKept(t: Test, type: "JKS" | "PKCS12"): Promise<void> {
  const [peer, openssl] = [requireJava(t, 17), requireTool(t, "openssl")];
  if (peer === undefined || openssl === undefined) return;
  const path = withKey(peer.keytool, type);
  const bytes = readFileSync(path);
  const read = await parseStore(bytes, { password: PASSWORD });
  if (!read.ok) throw new Error(read.error.message);
  const front = read.value.entries.findIndex(({ alias }) => alias === "front");
  const edited = await edit(bytes, {
    add: [{ alias: "new-root", der: third ?? bytes }],
    remove: new Set([front]),
  });
  t.ok(edited.ok, edited.ok ? "" : edited.error.message);
  if (!edited.ok) return;
  const to = `${path}.edited`;
  writeFileSync(to, edited.value.bytes);
  for (const release of [17, 25]) {
    const java = requireJava(t, release);
    if (java === undefined) continue;
    const listed = run(java.keytool, ["-list", "-keystore", to], `${PASSWORD}\n`);
    t.same(
      [...listed.matchAll(/^([\w-]+), .*, (\w+)/gm)]
        .map(([, alias, kind]) => `${alias} ${kind}`)
        .toSorted(),
      ["behind trustedCertEntry", "new-root trustedCertEntry", "own-key PrivateKeyEntry"],
      `keytool ${release}`,
    );
  }
  const [answer] = askJava(t, [{ path: to, type, password: PASSWORD }], peer) ?? [];
  t.ok(answer?.opens === true && answer.anchors.length === 3, "the real trust manager");
  if (type === "JKS") {
    const key = (content: Uint8Array): string =>
      layOutJks(content)
        .entries.filter(({ isKey }) => isKey)
        .map((entry) => Buffer.from(entry.bytes).toString("hex"))
        .join();
    t.equal(key(edited.value.bytes), key(bytes), "the key entry keeps its octets");
    const p12 = `${to}.p12`;
    const copy = [
      "-importkeystore",
      "-srckeystore",
      to,
      "-destkeystore",
      p12,
      "-srcalias",
      "own-key",
    ];
    run(peer.keytool, [...copy, "-srcstorepass", PASSWORD, "-deststorepass", PASSWORD]);
    t.match(keyIn(openssl, p12), "PRIVATE KEY");
  } else {
    t.equal(keyIn(openssl, to), keyIn(openssl, path), "the same private key opens");
    t.match(keyIn(openssl, to), "PRIVATE KEY");
  }
}

for (const type of ["JKS", "PKCS12"] as const)
  t.test(`editStore() leaves the private key of a ${type} store by keytool alone`, async (t) => {
    await checkKeyKept(t, type);
  });

t.test("editStore() adds to a PKCS#12 file by openssl and keeps its key and chain", async (t) => {
  const made = requirePki(t);
  if (made === undefined) return;
  const { openssl, pki } = made;
  const path = scratch("openssl-key.p12");
  const source = ["-in", pki.chain, "-inkey", pki.leafKey];
  run(openssl, ["pkcs12", "-export", ...source, "-out", path, "-passout", `pass:${PASSWORD}`]);
  const edited = await edit(readFileSync(path), { add: [{ alias: "added", der: third }] });
  t.ok(edited.ok, edited.ok ? "" : edited.error.message);
  if (!edited.ok) return;
  const to = scratch("openssl-key-edited.p12");
  writeFileSync(to, edited.value.bytes);
  t.equal(keyIn(openssl, to), keyIn(openssl, path));
  t.same(
    edited.value.file.entries.map(({ kind }) => (kind.kind === "key" ? kind.position : kind.kind)),
    [0, 1, 2, "certificate"],
  );
});

t.test("editStore() refuses what it cannot do safely", async (t) => {
  const jks = writeJks(two, PASSWORD, NOW);
  const refused = async (
    words: string,
    code: EditError["code"],
    result: Promise<Result<EditedStore, EditError>>,
  ): Promise<void> => {
    const outcome = await result;
    t.equal(outcome.ok ? "changed" : outcome.error.code, code, words);
    if (!outcome.ok) t.match(outcome.error.message, /^[A-Z].*[^.]$/s);
  };
  const add = [{ alias: "three", der: third }];
  await refused("a JKS file without password", "password-required", edit(jks, { add }, null));
  await refused("a JKS file with a wrong one", "integrity-wrong", edit(jks, { add }, "wrong-pw"));
  await refused("DER", "format-fixed", edit(first, { add }, null));
  const utf16 = Buffer.from(`\ufeff${writePemStore(two)}`, "utf16le");
  await refused("PEM in UTF-16", "format-fixed", edit(utf16, { add }, null));
  const nested = writePfx([
    clearSafe([
      {
        bag: {
          bags: [
            { bag: { certificate: first }, alias: "a" },
            { bag: { certificate: second }, alias: "b" },
          ],
        },
      },
    ]),
  ]);
  await refused(
    "one of two in a bag",
    "part-of-another",
    edit(nested, { remove: new Set([0]) }, null),
  );
});

t.test("editStore() refuses to remove a private key's certificate", async (t) => {
  const keytool = requireTool(t, "keytool");
  if (keytool === undefined) return;
  const bytes = readFileSync(withKey(keytool, "JKS"));
  const read = await parseStore(bytes, { password: PASSWORD });
  const own = read.ok ? read.value.entries.find(({ kind }) => kind.kind === "key") : undefined;
  const edited = await edit(bytes, { remove: new Set([own?.index ?? -1]) });
  t.match(edited, { ok: false, error: { code: "key-entry" } });
});

t.test("editStore() replaces a MAC that no Java can verify", async (t) => {
  const safes = [clearSafe([{ bag: { certificate: first }, alias: "one", trusted: true }])];
  const bytes = writePfx(safes, pbmac1(authSafeOf(safes), PASSWORD));
  const edited = await edit(bytes, { add: [{ alias: "two", der: second }] });
  t.ok(edited.ok);
  if (edited.ok) {
    t.match(edited.value.file.flavour.summary, "MAC HMAC-SHA-256");
    t.ok(edited.value.file.java.opens);
  }
});

t.test("editStore() keeps every octet of a PEM file around what changes", async (t) => {
  const blocks = writePemStore(two).split("\n\n");
  const key = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----";
  const [one = "", other = ""] = blocks;
  const text = `caf\u00e9 own remark\r\n${one}\n\n${key}\n# a remark of somebody\n${other}tail`;
  const bytes = Buffer.from(text, "latin1");
  const removed = await edit(bytes, { remove: new Set([1]) }, null);
  t.ok(removed.ok);
  if (!removed.ok) return;
  t.equal(
    Buffer.from(removed.value.bytes).toString("latin1"),
    `caf\u00e9 own remark\r\n${one}\n\n${key}\n# a remark of somebody\ntail`,
  );
  const added = await edit(bytes, { add: [{ alias: null, der: third }] }, null);
  t.ok(added.ok && Buffer.from(added.value.bytes).subarray(0, bytes.length).equals(bytes));
  const none = await edit(Buffer.from(`${one}\n`), { remove: new Set([0]) }, null);
  t.notOk(none.ok, "an empty PEM file is no store");
});

t.test("editStore() leaves hostile bytes alone", async (t) => {
  const jks = writeJks(two, PASSWORD, NOW);
  const p12 = await writePkcs12(two, PASSWORD, {
    safe: { kind: "none" },
    mac: { digest: "sha256", iterations: 1, saltLength: 8 },
    trusted: true,
  });
  await t.resolves(
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(jks, p12),
        fc.nat(4000),
        fc.integer({ min: 1, max: 255 }),
        async (bytes, position, flip) => {
          const changed = Uint8Array.from(bytes);
          const place = position % changed.length;
          changed[place] = (changed[place] ?? 0) ^ flip;
          const edited = await edit(changed, { add: [{ alias: "three", der: third }] });
          return edited.ok ? edited.value.file.entries.length > 0 : edited.error.message !== "";
        },
      ),
      { seed: SEED, numRuns: 300 },
    ),
  );
});
