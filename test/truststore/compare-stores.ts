import { hash } from "node:crypto";
import fc from "fast-check";
import t from "tap";
import type { IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import { compareStores, type StoreComparison } from "../../src/truststore/compare-stores.ts";
import { fileNames } from "../../src/truststore/file-names.ts";
import { parseStore } from "../../src/truststore/parse-store.ts";
import { selectEntries } from "../../src/truststore/select-entries.ts";
import type { StoreFile } from "../../src/truststore/truststore.ts";
import { writeJks } from "../../src/truststore/write-jks.ts";
import { writePemStore } from "../../src/truststore/write-pem.ts";
import { OPENSSL_PKCS12, writePkcs12 } from "../../src/truststore/write-pkcs12.ts";
import { issue, someKeys } from "./authority.ts";
import { at, PASSWORD, publicRoots } from "./material.ts";
import { type JksPlan, writeJks as writeAnyJks } from "./write-stores.ts";

async function read(bytes: Uint8Array): Promise<StoreFile> {
  const parsed = await parseStore(bytes, { password: PASSWORD });
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

type Named = readonly (readonly [alias: string, certificate: IssuedCertificate])[];

const store = (entries: Named): Promise<StoreFile> =>
  read(
    writeJks(
      entries.map(([alias, { der }]) => ({ alias, der })),
      PASSWORD,
      0,
    ),
  );

async function compare(before: Named, after: Named): Promise<StoreComparison> {
  return compareStores(await store(before), await store(after));
}

const kinds = ({ changes }: StoreComparison): readonly string[] => changes.map(({ kind }) => kind);

t.test("compareStores() tells what happened to each CA", async (t) => {
  const [key, otherKey] = await someKeys();
  if (key === undefined || otherKey === undefined) throw new Error("No keys");
  const root = await issue({ name: "Root" });
  const reissued = await issue({ name: "Root", days: [-1, 3000] });
  const rekeyed = await issue({ name: "Root", key: otherKey });
  const other = await issue({ name: "Other", key: otherKey });
  const cases: readonly (readonly [string, Named, Named, readonly string[], number])[] = [
    ["nothing", [["a", root]], [["a", root]], [], 1],
    [
      "an added CA",
      [["a", root]],
      [
        ["a", root],
        ["b", other],
      ],
      ["added"],
      1,
    ],
    [
      "a removed CA",
      [
        ["a", root],
        ["b", other],
      ],
      [["b", other]],
      ["removed"],
      1,
    ],
    ["a renewed CA", [["a", root]], [["a", reissued]], ["reissued"], 0],
    ["a re-keyed CA", [["a", root]], [["a", rekeyed]], ["rekeyed"], 0],
    ["another alias", [["a", root]], [["b", root]], ["renamed"], 0],
    ["another case", [["a", root]], [["A", root]], ["visibility"], 0],
    [
      "another order",
      [
        ["a", root],
        ["b", other],
      ],
      [
        ["b", other],
        ["a", root],
      ],
      [],
      2,
    ],
    [
      "a duplicate",
      [["a", root]],
      [
        ["a", root],
        ["a2", root],
      ],
      ["renamed"],
      0,
    ],
    [
      "both keys",
      [["a", root]],
      [
        ["a", root],
        ["b", rekeyed],
      ],
      ["added"],
      1,
    ],
    [
      "renewed and re-keyed at once",
      [["a", root]],
      [
        ["a", reissued],
        ["b", rekeyed],
      ],
      ["added", "reissued"],
      0,
    ],
    ["all of it", [["a", root]], [["b", other]], ["added", "removed"], 0],
  ];
  for (const [words, before, after, wanted, unchanged] of cases) {
    const comparison = await compare(before, after);
    t.same(kinds(comparison), wanted, words);
    t.equal(comparison.unchanged, unchanged, words);
  }
  const beside = await compare(
    [["a", root]],
    [
      ["a", root],
      ["b", rekeyed],
      ["c", reissued],
    ],
  );
  t.same(
    beside.changes.map((change) => (change.kind === "added" ? change.beside : change.kind)),
    ["other-key", "same-key"],
  );
});

t.test(
  "compareStores() sees what a format does to visibility, and no names where there are none",
  async (t) => {
    const entries = [{ alias: "a", der: at(publicRoots, 0) }];
    const jks = await read(writeJks(entries, PASSWORD, 0));
    const pem = await read(Buffer.from(writePemStore(entries)));
    const p12 = await read(
      await writePkcs12([{ alias: null, der: at(publicRoots, 0) }], PASSWORD, OPENSSL_PKCS12),
    );
    t.same(kinds(compareStores(jks, pem)), []);
    t.match(compareStores(jks, p12).changes, [{ kind: "visibility", lost: ["java"], gained: [] }]);
    t.match(compareStores(p12, jks).changes, [{ kind: "visibility", lost: [], gained: ["java"] }]);
  },
);

t.test("compareStores() is symmetric, and says nothing about a store and itself", async (t) => {
  const plans = fc.array(
    fc
      .tuple(fc.constantFrom("a", "b", "B", "c"), fc.nat(3))
      .map(([alias, root]): JksPlan => ({ alias, certificates: [at(publicRoots, root)] })),
    { maxLength: 6 },
  );
  const parse = async (list: readonly JksPlan[]): Promise<StoreFile> =>
    read(writeAnyJks(list, PASSWORD));
  await t.resolves(
    fc.assert(
      fc.asyncProperty(plans, plans, async (first, second) => {
        const [a, b] = [await parse(first), await parse(second)];
        if (compareStores(a, a).changes.length > 0) return false;
        const [there, back] = [compareStores(a, b), compareStores(b, a)];
        const count = (comparison: StoreComparison, kind: string): number =>
          comparison.changes.filter((change) => change.kind === kind).length;
        return (
          there.unchanged === back.unchanged &&
          count(there, "added") === count(back, "removed") &&
          count(there, "visibility") === count(back, "visibility")
        );
      }),
      { numRuns: 200, seed: Number(process.env["FUZZ_SEED"] ?? 20_261_121) },
    ),
  );
});

t.test("selectEntries() finds by number, alias and fingerprint", async (t) => {
  const roots = [0, 1, 2].map((index) => at(publicRoots, index));
  const sum = (index: number): string => hash("sha256", at(roots, index), "hex");
  const file = await read(
    writeAnyJks(
      [
        { alias: "corp", certificates: [at(roots, 0)] },
        { alias: "Corp-Two", certificates: [at(roots, 1)] },
        { alias: "1", certificates: [at(roots, 2)] },
        { alias: "copy", certificates: [at(roots, 0)] },
        { alias: "twice", certificates: [at(roots, 0)] },
        { alias: "twice", certificates: [at(roots, 1)] },
      ],
      PASSWORD,
    ),
  );
  const found = (selector: string): readonly number[] | string => {
    const selected = selectEntries(file.entries, selector);
    return selected.ok ? selected.value.map(({ index }) => index) : selected.error.code;
  };
  const colons = sum(2).toUpperCase().match(/../g)?.join(":") ?? "";
  t.same(found("corp"), [0]);
  t.same(found("CORP-two"), [1]);
  t.same(found("#2"), [1]);
  t.same(found("2"), [1]);
  t.same(found("1"), [2], "an alias comes before a number");
  t.same(found(colons), [2]);
  t.same(found(sum(1).slice(0, 8)), [1, 5]);
  t.same(found(hash("sha1", at(roots, 2), "hex")), [2]);
  t.same(found(sum(0)), [0, 3, 4], "entries with one certificate are one answer");
  t.equal(found("twice"), "several-certificates");
  for (const selector of ["none", "#7", "#0", "", sum(0).slice(0, 7), "x".repeat(100_000)])
    t.equal(found(selector), "no-entry", selector.slice(0, 20));
});

t.test("fileNames() makes harmless names of hostile aliases", async (t) => {
  const hostile = [
    "../../etc/passwd",
    "-rf",
    ".hidden",
    "CON",
    "a/b\\c",
    "\u202e\u0000",
    "ÄÖ",
    "x".repeat(999),
  ];
  const file = await read(
    writeAnyJks(
      [...hostile, "Same", "same"].map((alias, index) => ({
        alias,
        certificates: [at(publicRoots, index)],
      })),
      PASSWORD,
    ),
  );
  const names = fileNames(file.entries, ".pem");
  t.equal(new Set(names).size, names.length, "no two alike");
  for (const name of names) t.match(name, /^[a-z0-9][a-z0-9-]{0,80}\.pem$/);
  t.equal(names[0], "etc-passwd.pem");
  t.match(names[3], /^certificate-[0-9a-f]{16}\.pem$/);
});
