import { readFileSync } from "node:fs";
import t from "tap";
import { ByteCursor } from "../../src/truststore/byte-cursor.ts";
import { skipJavaObject } from "../../src/truststore/java-object-stream.ts";
import { readJceks, readJks } from "../../src/truststore/read-jks.ts";
import { StoreFault } from "../../src/truststore/store-error.ts";
import type { StoreFile } from "../../src/truststore/truststore.ts";
import { requireTool } from "../tools.ts";
import { javaHomes } from "./java-peers.ts";
import { at, derBlocks, PASSWORD, publicRoots, requirePki, run, scratch } from "./material.ts";
import { derFile, writeKeystores } from "./write-keystores.ts";
import { bytes, u32, writeJks } from "./write-stores.ts";

const first = at(publicRoots, 0);
const second = at(publicRoots, 1);

async function read(store: Uint8Array, password: string | null = PASSWORD): Promise<StoreFile> {
  const result = await readJceks(store, { password });
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** A serialised object that no Java wrote, with a type code that does not exist. */
const ODD_SECRET = bytes(u32(0xaced0005), Uint8Array.of(0x55), Buffer.alloc(300, 1));

for (const { release, keytool } of javaHomes().slice(0, 2))
  t.test(`readJceks() reads what keytool ${release} writes, secret keys between`, async (t) => {
    const made = requirePki(t);
    if (made === undefined) return;
    const path = scratch(`keytool-${release}.jceks`);
    const store = ["-storetype", "JCEKS", "-keystore", path, "-storepass", PASSWORD];
    run(keytool, ["-genseckey", "-alias", "aes", "-keyalg", "AES", "-keysize", "256", ...store]);
    run(keytool, [
      "-importcert",
      "-noprompt",
      "-alias",
      "Test-Root",
      "-file",
      made.pki.root,
      ...store,
    ]);
    run(keytool, [
      "-genkeypair",
      "-alias",
      "server",
      "-keyalg",
      "EC",
      "-dname",
      "CN=server",
      "-keypass",
      PASSWORD,
      ...store,
    ]);
    const file = await read(readFileSync(path));
    t.equal(file.format, "jceks");
    t.equal(file.integrity, "ok");
    t.same(file.java, { opens: true });
    t.same(file.anomalies, []);
    t.match(file.skipped, { privateKeys: 1, secretKeys: 1 });
    t.same(new Set(file.entries.map(({ alias }) => alias)), new Set(["test-root", "server"]));
    const listed = run(keytool, ["-list", "-rfc", ...store]);
    const hexOf = (list: readonly Uint8Array[]): readonly string[] =>
      list.map((der) => Buffer.from(der).toString("hex")).toSorted();
    t.same(hexOf(file.entries.map(({ der }) => der)), hexOf(derBlocks(listed)));
    t.equal((await read(readFileSync(path), "wrong")).integrity, "wrong");
    t.equal((await read(readFileSync(path), null)).integrity, "unchecked");
  });

t.test("readJceks() steps over many secret keys of every shape", async (t) => {
  const java = requireTool(t, "java");
  if (java === undefined) return;
  const path = scratch("many-secrets.jceks");
  const root = derFile("many-secrets", first);
  const entries = Array.from({ length: 40 }, (_, index) =>
    index % 3 === 0
      ? ({ kind: "cert", alias: `ca-${index}`, files: [root] } as const)
      : ({ kind: "secret", alias: `secret-${index}`, files: [] } as const),
  );
  writeKeystores(java, [{ path, type: "JCEKS", password: PASSWORD, entries }]);
  const file = await read(readFileSync(path));
  t.equal(file.integrity, "ok");
  t.equal(file.entries.length, 14);
  t.equal(file.skipped.secretKeys, 26);
});

t.test(
  "readJceks() finds the entries behind a secret key that it does not understand",
  async (t) => {
    const file = await read(
      writeJks(
        [
          { alias: "first", certificates: [first] },
          { alias: "odd", certificates: [], secret: ODD_SECRET },
          { alias: "odd too", certificates: [], secret: ODD_SECRET },
          { alias: "second", certificates: [second] },
          { alias: "last", certificates: [], secret: ODD_SECRET },
        ],
        PASSWORD,
        2,
        "jceks",
      ),
    );
    t.same(
      file.entries.map(({ alias }) => alias),
      ["first", "second"],
    );
    t.equal(file.integrity, "ok");
    t.equal(file.skipped.secretKeys, 3);
    t.same(
      new Set(file.anomalies.map(({ message }) => message)),
      new Set(
        ["odd", "odd too", "last"].map(
          (alias) =>
            `The secret key of entry '${alias}' is stored in an unusual way; it was stepped over`,
        ),
      ),
    );
  },
);

t.test("readJceks() refuses secret keys behind which nothing can be read", async (t) => {
  const store = writeJks(
    [
      { alias: "odd", certificates: [], secret: ODD_SECRET },
      { alias: "ca", certificates: [first] },
    ],
    PASSWORD,
    2,
    "jceks",
  );
  for (const cut of [1, 20, 500, 900])
    t.match(await readJceks(store.subarray(0, store.length - cut), { password: PASSWORD }), {
      ok: false,
      error: { format: "jceks" },
    });
  // A hundred thousand places that look like entries must not each be read to the end.
  const decoys = Buffer.alloc(200_000, Buffer.from("00000002000000000000", "hex"));
  const hostile = writeJks(
    [
      { alias: "odd", certificates: [], secret: bytes(u32(0xaced0005), decoys) },
      { alias: "ca", certificates: [Buffer.alloc(1000, 1)] },
      { alias: "broken", certificates: [], secret: Buffer.alloc(20) },
    ],
    PASSWORD,
    2,
    "jceks",
  );
  const started = performance.now();
  await readJceks(hostile, { password: PASSWORD });
  t.ok(performance.now() - started < 2_000, "the search is bounded");
});

/** Code of the refusal of a serialised object; null when it is stepped over. */
function refusal(object: Uint8Array): string | null {
  try {
    skipJavaObject(new ByteCursor(object));
    return null;
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    return error.error.code;
  }
}

t.test("skipJavaObject() refuses serialised objects that nest without end", async (t) => {
  const magic = "aced0005";
  const description = "72000141000000000000000002";
  const hex = (text: string): Uint8Array => Buffer.from(text, "hex");
  const repeated = (text: string): Uint8Array => Buffer.alloc(200_000, hex(text));
  t.equal(refusal(bytes(hex(magic), repeated(`${description}0000`))), "too-deep", "annotations");
  t.equal(refusal(bytes(hex(magic), repeated("7a00000000"))), null, "one block is an object");
  const blocks = bytes(hex(`${magic}73${description}0000`), repeated("7700"));
  t.equal(refusal(blocks), "too-deep", "empty blocks");
  const parents = bytes(hex(magic), repeated(`${description}000078`));
  t.equal(refusal(parents), "too-deep", "parent classes");
  const array = hex(`${magic}757200025b4100000000000000000200007870ffffffff`);
  t.equal(refusal(array), "malformed", "an array of four thousand million objects");
  t.equal(refusal(hex(`${magic}71007e0005`)), "malformed", "a reference to nothing");
  t.equal(refusal(hex(`${magic}7cffffffffffffffff`)), "truncated", "a string of negative length");
});

t.test("readJks() knows no secret keys", async (t) => {
  const store = writeJks([{ alias: "s", certificates: [], secret: ODD_SECRET }]);
  t.match(await readJks(store, { password: null }), {
    ok: false,
    error: {
      code: "malformed",
      message: /has tag 3 at offset 12; 1 \(private key\) or 2 \(certificate\) was expected/,
      javaMessage: "java.io.IOException: Unrecognized keystore entry: 3",
    },
  });
});
