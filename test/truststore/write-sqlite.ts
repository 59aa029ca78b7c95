import { readFileSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { hash } from "node:crypto";
import { scratch } from "./material.ts";

/** A small database with the columns of NSS that matter, on small pages: certificates and their trust. */
export function writeSqlite(certificates: readonly Uint8Array[]): Uint8Array {
  const path = scratch("seed.db");
  rmSync(path, { force: true });
  const database = new DatabaseSync(path);
  database.exec("PRAGMA page_size = 512");
  database.exec(
    "CREATE TABLE nssPublic (id PRIMARY KEY UNIQUE ON CONFLICT ABORT, a0, a3, a11, a81, a82, ace536358, ace5363b4)",
  );
  const insert = database.prepare("INSERT INTO nssPublic VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  const bytes = (text: string): Uint8Array => Buffer.from(text, "hex");
  for (const [index, der] of certificates.entries()) {
    const label = Buffer.from(`CA ${index}`);
    insert.run(2 * index, bytes("00000001"), label, der, bytes("30"), bytes("02"), null, null);
    const sha1 = bytes(hash("sha1", der));
    const trust = bytes(index === 0 ? "ce534352" : "ce53435a");
    insert.run(2 * index + 1, bytes("ce534353"), bytes("a5005a"), null, null, null, trust, sha1);
  }
  database.close();
  return readFileSync(path);
}
