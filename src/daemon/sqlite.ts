// The one place that imports the module: its class is going to be renamed (Node.js DEP0210).
import { backup, DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { pathToFileURL } from "node:url";

/** An open database. */
export type Database = DatabaseSync;

/** A prepared statement. */
export type Statement = StatementSync;

/** What can be bound to a parameter. */
export type SqlValue = SQLInputValue;

/**
 * Opens or creates a database.
 * @param patience milliseconds for which it waits for a lock. @default 0, for whoever tries again later
 * @throws with an SQLite code
 */
export function openDatabase(path: string, patience = 0): Database {
  return new DatabaseSync(path, { timeout: patience, enableForeignKeyConstraints: true });
}

/** Lets a connection wait for locks no more. @throws with an SQLite code */
export function endPatience(database: Database): void {
  database.exec("PRAGMA busy_timeout = 0");
}

/** Milliseconds for which a command waits for a lock. */
const PATIENCE = 5000;

/**
 * Opens a database that is there, to read it beside the process that it belongs to. Where that does not run, what
 * opening makes beside the file is gone again when it is closed, which a connection that may only read does not see to.
 * @throws with an SQLite code
 */
export function openBeside(path: string): Database {
  const url = pathToFileURL(path);
  url.searchParams.set("mode", "rw");
  const database = new DatabaseSync(url, { timeout: PATIENCE });
  database.exec("PRAGMA query_only = ON");
  return database;
}

/** Pages that are copied in one go. */
const COPY_PAGES = 1024;

/**
 * Copies a database as it is at this moment into a new file, while others write to it. @throws with an SQLite code
 */
export async function copyDatabase(database: Database, path: string): Promise<void> {
  // a reader's view stays what it was; without it the copy would begin anew with every change
  database.exec("BEGIN");
  try {
    database.prepare("SELECT count(*) FROM sqlite_schema").get();
    await backup(database, path, { rate: COPY_PAGES });
  } finally {
    database.exec("COMMIT");
  }
}

/** What is wrong with the structure of a database; null where nothing is. @throws with an SQLite code */
export function defectOf(database: Database): string | null {
  const found = database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
  return found === "ok" ? null : String(found);
}

/** Runs steps as one: all of them or none. @throws whatever a step throws, after the roll-back */
export function transaction(database: Database, steps: () => void): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    steps();
    database.exec("COMMIT");
  } catch (error) {
    // some errors have rolled back by themselves, and then this one says nothing of interest
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** Primary result codes that come from the surroundings of the process (sqlite.org/rescode.html). */
const SURROUNDINGS: ReadonlyMap<number, string> = new Map([
  [3, "access is denied"],
  [5, "another process has locked it"],
  [6, "another connection has locked it"],
  [7, "memory is exhausted"],
  [8, "it is read-only"],
  [10, "the disk reports an error"],
  [11, "the file is damaged"],
  [13, "the disk or its quota is full"],
  [14, "it cannot be opened"],
  [15, "locks are not working on its file system"],
  [23, "access is denied"],
  [26, "the file is not a database"],
]);

/** What to make of an error that a database call threw. */
export interface DatabaseTrouble {
  /** Half a sentence about the file. */
  readonly reason: string;
  /** Whether the connection is of no further use. */
  readonly fatal: boolean;
  /** Whether the file itself is spoilt, and trying again is of no use. */
  readonly damaged: boolean;
}

/** Tells trouble with the file or the machine, which may pass, from a mistake in the call (null). */
export function troubleOf(error: unknown): DatabaseTrouble | null {
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : -1;
  const reason = SURROUNDINGS.get(code);
  if (reason === undefined) return null;
  return { reason, fatal: [10, 11, 14, 26].includes(code), damaged: [11, 26].includes(code) };
}
