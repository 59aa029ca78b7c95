import { hash } from "node:crypto";
import { writeFileSync } from "node:fs";
import fc from "fast-check";
import t, { type Test } from "tap";
import { aliasProblem, assignAliases, foldAlias } from "../../src/truststore/aliases.ts";
import type { NewEntry } from "../../src/truststore/new-entry.ts";
import { parseStore } from "../../src/truststore/parse-store.ts";
import { writeJks } from "../../src/truststore/write-jks.ts";
import { writePemStore } from "../../src/truststore/write-pem.ts";
import {
  LEGACY_PKCS12,
  MODERN_PKCS12,
  type Pkcs12Flavour,
  writePkcs12,
} from "../../src/truststore/write-pkcs12.ts";
import { readPemBlocks } from "../../src/x509/pem.ts";
import { requireTool } from "../tools.ts";
import { askJava } from "./ask-java.ts";
import { issue } from "./authority.ts";
import { requireJava } from "./java-peers.ts";
import { at, PASSWORD, publicRoots, run, scratch } from "./material.ts";

const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_121);
const CREATED = 1_700_000_000_000;

/** A flavour with few iterations, for tests that write hundreds of files. */
const QUICK: Pkcs12Flavour = {
  safe: { kind: "pbes2", iterations: 1, saltLength: 8 },
  mac: { digest: "sha256", iterations: 1, saltLength: 8 },
  trusted: true,
};

const aliases = fc.array(
  fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 20 }),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom(
      "ca",
      "CA",
      "Ca",
      "ca-2",
      "CA-2",
      "",
      "ΑΣ",
      "ας",
      "İ",
      "ß",
      "ẞ",
      "\u0000",
      "😀",
    ),
    fc.integer({ min: 1, max: 30_000 }).map((length) => "Ü".repeat(length)),
  ),
  { maxLength: publicRoots.length },
);

const entriesFor = (wishes: readonly string[]): readonly NewEntry[] => {
  const given = assignAliases(wishes.map((alias) => ({ alias, fallback: "root" })));
  return given.map((alias, index) => ({ alias, der: at(publicRoots, index) }));
};

t.test("assignAliases() gives every entry a name of its own that Java finds", async (t) => {
  fc.assert(
    fc.property(aliases, (wishes) => {
      const given = assignAliases(wishes.map((alias) => ({ alias, fallback: "Root" })));
      if (new Set(given).size !== wishes.length) return false;
      return given.every((alias) => alias !== "" && foldAlias(alias) === alias);
    }),
    { seed: SEED, numRuns: 300 },
  );
  t.same(
    assignAliases([
      { alias: "CA", fallback: "x" },
      { alias: "ca", fallback: "x" },
      { alias: null, fallback: "CA" },
      { alias: "ca-2", fallback: "x" },
    ]),
    ["ca", "ca-2", "ca-3", "ca-2-2"],
  );
  t.same(assignAliases([{ alias: null, fallback: "ca" }], new Set(["ca"])), ["ca-2"]);
});

t.test("aliasProblem() refuses what no operator would want", async (t) => {
  t.equal(aliasProblem("corp-root g2 ü"), null);
  for (const alias of ["", "a\nb", "a\u0000", "\ud800", "x".repeat(20_001)])
    t.type(aliasProblem(alias), "string", JSON.stringify(alias.slice(0, 5)));
});

t.test("writeJks(), writePkcs12() and writePemStore() are read back as written", async (t) => {
  const same = async (entries: readonly NewEntry[], bytes: Uint8Array, named: boolean) => {
    const read = await parseStore(bytes, { password: PASSWORD });
    if (entries.length === 0) return;
    if (!read.ok) throw new Error(read.error.message);
    const { entries: found, integrity } = read.value;
    if (named && integrity !== "ok") throw new Error(`integrity ${integrity}`);
    if (found.length !== entries.length) throw new Error(`${found.length} entries`);
    for (const [index, entry] of found.entries()) {
      const wanted = at(entries, index);
      if (!Buffer.from(entry.der).equals(wanted.der)) throw new Error(`certificate ${index}`);
      if (named && entry.alias !== wanted.alias) throw new Error(`alias ${entry.alias}`);
      const hidden = Object.values(entry.visibleTo).some(({ visible }) => !visible);
      if (hidden) throw new Error(`'${entry.alias}' is not visible to all`);
    }
  };
  await t.resolves(
    fc.assert(
      fc.asyncProperty(aliases, async (wishes) => {
        const entries = entriesFor(wishes);
        await same(entries, writeJks(entries, PASSWORD, CREATED), true);
        await same(entries, await writePkcs12(entries, PASSWORD, QUICK), true);
        await same(entries, Buffer.from(writePemStore(entries)), false);
      }),
      { seed: SEED, numRuns: 60 },
    ),
  );
});

interface WrittenFile {
  readonly path: string;
  readonly type: "JKS" | "PKCS12";
  readonly size: number;
}

let written: Promise<readonly WrittenFile[]> | undefined;

/** Three stores by these writers, as files, made once. */
function writtenFiles(): Promise<readonly WrittenFile[]> {
  written ??= writeFiles();
  return written;
}

async function writeFiles(): Promise<readonly WrittenFile[]> {
  const wishes = ["Corp-Root", "corp-root", "ü€😀", "", "a\u0000b", "x".repeat(3000)];
  const entries = entriesFor(wishes);
  const files = [
    ["written.jks", "JKS", writeJks(entries, PASSWORD, CREATED)],
    ["written.p12", "PKCS12", await writePkcs12(entries, PASSWORD, MODERN_PKCS12)],
    ["legacy.p12", "PKCS12", await writePkcs12(entries, PASSWORD, LEGACY_PKCS12)],
  ] as const;
  return files.map(([name, type, bytes]) => {
    const path = scratch(name);
    writeFileSync(path, bytes);
    return { path, type, size: entries.length };
  });
}

async function withJava(t: Test, release: number): Promise<void> {
  const peer = requireJava(t, release);
  if (peer === undefined) return;
  const files = await writtenFiles();
  const answers = askJava(
    t,
    files.map(({ path, type }) => ({ path, type, password: PASSWORD })),
    peer,
  );
  const wanted = publicRoots.slice(0, 6);
  for (const [index, answer] of (answers ?? []).entries()) {
    const { path, size } = at(files, index);
    t.ok(answer.opens, `${path}: ${answer.opens ? "" : answer.message}`);
    if (!answer.opens) continue;
    t.equal(answer.size, size);
    const all = wanted.map((der) => hash("sha256", der, "hex")).toSorted();
    t.same(answer.anchors, all, "every certificate is an anchor of the real trust manager");
  }
  for (const { path, size } of files) {
    const listed = run(peer.keytool, ["-list", "-keystore", path], `${PASSWORD}\n`);
    t.equal(listed.match(/trustedCertEntry/g)?.length, size, path);
    t.notMatch(listed, "WARNING WARNING", "the integrity was verified");
  }
}

for (const release of [17, 25])
  t.test(`Stores that were written are read by Java ${release} and its keytool`, async (t) => {
    await withJava(t, release);
  });

t.test(
  "writePkcs12() writes what openssl reads, with the algorithms that were asked for",
  async (t) => {
    const openssl = requireTool(t, "openssl");
    if (openssl === undefined) return;
    for (const { path, type, size } of await writtenFiles()) {
      if (type === "JKS") continue;
      const args = ["pkcs12", "-in", path, "-nokeys", "-passin", `pass:${PASSWORD}`];
      t.equal(run(openssl, args).match(/BEGIN CERTIFICATE/g)?.length, size, path);
    }
  },
);

t.test("writePkcs12() keeps each flavour's protection", async (t) => {
  const entries = entriesFor(["one"]);
  const summary = async (flavour: Pkcs12Flavour): Promise<string> => {
    const read = await parseStore(await writePkcs12(entries, PASSWORD, flavour), {
      password: PASSWORD,
    });
    return read.ok ? read.value.flavour.summary : read.error.message;
  };
  t.equal(
    await summary(MODERN_PKCS12),
    "PKCS#12, PBES2 AES-256-CBC with PBKDF2-HMAC-SHA-256 (10000 iterations), MAC HMAC-SHA-256 (10000 iterations)",
  );
  t.equal(
    await summary(LEGACY_PKCS12),
    "PKCS#12, PBE-SHA1-3DES with PKCS12-KDF-SHA-1 (50000 iterations), MAC HMAC-SHA-1 (100000 iterations)",
  );
  t.equal(
    await summary({ safe: { kind: "none" }, mac: null, trusted: true }),
    "PKCS#12, certificates in the clear, no MAC",
  );
});

t.test(
  "writePemStore() names each certificate in a comment that no reader takes for a block",
  async (t) => {
    const hostile = await issue({
      name: "Evil\n-----BEGIN CERTIFICATE-----\nMIIB",
      organisation: "x\u202e\u001b[31m-----END CERTIFICATE-----",
    });
    const text = writePemStore([{ alias: "a\r\n-----BEGIN X-----", der: hostile.der }]);
    const blocks = readPemBlocks(text);
    t.ok(blocks.ok);
    t.equal(blocks.ok ? blocks.value.length : 0, 1);
    t.notMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
    for (const line of text.split("-----BEGIN CERTIFICATE-----")[0]?.trimEnd().split("\n") ?? [])
      t.match(line, /^# /);
  },
);
