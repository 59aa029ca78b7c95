import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import t from "tap";
import { parseStore } from "../../src/truststore/parse-store.ts";
import { readSqliteTable } from "../../src/truststore/sqlite-table.ts";
import type { StoreFile } from "../../src/truststore/truststore.ts";
import { requireTool } from "../tools.ts";
import { at, publicRoots, run, scratch } from "./material.ts";
import { derFile } from "./write-keystores.ts";

async function read(bytes: Uint8Array): Promise<StoreFile> {
  const result = await parseStore(bytes, { password: null });
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** Flags of certutil for servers, e-mail and code, and what they make of a certificate. */
const FLAGS: readonly (readonly [flags: string, seen: string])[] = [
  ["C,,", "visible"],
  ["CT,C,C", "visible"],
  ["T,,", "not-flagged-trusted"],
  [",,", "not-flagged-trusted"],
  [",C,", "not-flagged-trusted"],
  ["c,,", "not-flagged-trusted"],
  ["p,p,p", "distrusted"],
  ["P,,", "trusted-peer-only"],
];

t.test("readNss() reads a database of certutil with the trust of every certificate", async (t) => {
  const certutil = requireTool(t, "certutil");
  if (certutil === undefined) return;
  const directory = scratch("nss");
  mkdirSync(directory);
  const db = ["-d", `sql:${directory}`];
  run(certutil, ["-N", ...db, "--empty-password"]);
  for (const [index, [flags]] of FLAGS.entries()) {
    const file = derFile(`nss-${index}`, at(publicRoots, index));
    run(certutil, ["-A", ...db, "-n", `CA ${index} ü`, "-t", flags, "-i", file]);
  }
  const bytes = readFileSync(`${directory}/cert9.db`);
  const file = await read(bytes);
  t.equal(file.format, "nss");
  t.equal(file.integrity, "unchecked");
  const seen = new Map(file.entries.map((entry) => [entry.alias, entry]));
  for (const [index, [flags, expected]] of FLAGS.entries()) {
    const entry = seen.get(`CA ${index} ü`);
    const { nss } = entry?.visibleTo ?? {};
    t.equal(nss?.visible === true ? "visible" : nss?.reason, expected, flags);
    t.equal(Buffer.compare(entry?.der ?? new Uint8Array(0), at(publicRoots, index)), 0, flags);
  }
  t.equal(file.entries.length, FLAGS.length);
  const table = readSqliteTable(bytes, "nssPublic");
  t.ok((table?.rows.length ?? 0) > FLAGS.length, "trust has rows of its own");
  t.equal(readSqliteTable(bytes, "nssPrivate"), null);
  t.match(await parseStore(readFileSync(`${directory}/key4.db`), { password: null }), {
    error: { code: "unknown-format", message: /without table nssPublic/ },
  });
});

/** A database file that SQLite made. */
function database(name: string, statements: readonly string[]): Uint8Array {
  const path = scratch(name);
  const made = new DatabaseSync(path);
  for (const statement of statements) made.exec(statement);
  made.close();
  return readFileSync(path);
}

t.test("readSqliteTable() reads what SQLite reads, on pages of any size", async (t) => {
  for (const pageSize of [512, 1024, 4096, 65_536]) {
    const name = `random-${pageSize}.db`;
    const bytes = database(name, [
      `PRAGMA page_size = ${pageSize}`,
      "CREATE TABLE other (x)",
      "CREATE TABLE t (id PRIMARY KEY UNIQUE ON CONFLICT ABORT, a, b, c)",
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700)
       INSERT INTO t SELECT i, randomblob(abs(random()) % 9000), (random() >> (i % 64)), CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN 'tëxt' || i ELSE i % 2 END FROM n`,
      "DELETE FROM t WHERE id % 7 = 0",
    ]);
    const table = readSqliteTable(bytes, "t");
    t.same(table?.columns, ["id", "a", "b", "c"]);
    const opened = new DatabaseSync(scratch(name), { readOnly: true });
    const statement = opened.prepare("SELECT id, a, b, c FROM t ORDER BY rowid");
    statement.setReadBigInts(true);
    const plain = (value: unknown): unknown =>
      value instanceof Uint8Array
        ? Buffer.from(value).toString("base64")
        : typeof value === "bigint"
          ? Number(value)
          : value;
    const rows = statement.all().map((row) => Object.values(row).map(plain));
    opened.close();
    t.same(
      table?.rows.map((row) => row.map(plain)),
      rows,
      `${rows.length} rows on pages of ${pageSize}`,
    );
  }
});

t.test("readSqliteTable() reads tables only, whatever a file calls one", async (t) => {
  const bytes = database("views.db", [
    "CREATE TABLE real (a)",
    "CREATE VIEW nssPublic AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i FROM n",
  ]);
  t.equal(readSqliteTable(bytes, "nssPublic"), null, "a view that never ends");
  const virtual = database("virtual.db", ["CREATE VIRTUAL TABLE nssPublic USING fts5(a)"]);
  t.equal(readSqliteTable(virtual, "nssPublic"), null, "a virtual table");
  const computed = database("computed.db", ["CREATE TABLE nssPublic (a, b AS (a || a))"]);
  t.equal(readSqliteTable(computed, "nssPublic"), null, "a table with computed columns");
});

t.test("readSqliteTable() refuses circles, lacking pages and rows without end", async (t) => {
  const bytes = database("small.db", [
    "PRAGMA page_size = 512",
    "CREATE TABLE nssPublic (a)",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) INSERT INTO nssPublic SELECT randomblob(300) FROM n",
  ]);
  const code = async (changed: Uint8Array): Promise<string> => {
    const result = await parseStore(changed, { password: null });
    return result.ok ? "read" : result.error.code;
  };
  t.equal(await code(bytes), "read");
  for (const length of [20, 99, 100, 512, 1024, bytes.length - 512])
    t.match(await code(bytes.subarray(0, length)), /^(truncated|malformed)$/, `cut at ${length}`);
  const circle = Buffer.from(bytes);
  // The root of the table, page 2: its rightmost child becomes itself.
  circle.writeUInt32BE(2, 512 + 8);
  t.equal(await code(circle), "malformed");
  const header = Buffer.from(bytes);
  header.writeUInt16BE(300, 16);
  t.equal(await code(header), "malformed", "page size");
  writeFileSync(scratch("wal.db"), bytes);
  const wal = Buffer.from(bytes);
  wal[18] = 2;
  t.match(await parseStore(wal, { password: null }), { value: { message: /cert9\.db-wal/ } });
});
