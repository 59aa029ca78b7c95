import { type Database, transaction } from "./sqlite.ts";

/** One step from one version of the schema to the next; what is here never changes again. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE certificate (
    id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,
    der BLOB NOT NULL
  ) STRICT;

  -- What a server answered, without the times: equal answers are one row.
  CREATE TABLE handshake (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    body TEXT NOT NULL
  ) STRICT;

  -- From when to when an address gave the same answer; times are milliseconds since 1970.
  CREATE TABLE observation (
    id INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    address TEXT,
    identity TEXT,
    handshake INTEGER NOT NULL REFERENCES handshake (id),
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX observation_by_place ON observation (endpoint, address, identity);
  CREATE INDEX observation_by_handshake ON observation (handshake);
  CREATE INDEX observation_by_age ON observation (last_seen);

  CREATE TABLE certificate_seen (
    id INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    address TEXT NOT NULL,
    certificate INTEGER NOT NULL REFERENCES certificate (id),
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    UNIQUE (endpoint, address, certificate)
  ) STRICT;
  CREATE INDEX certificate_seen_by_certificate ON certificate_seen (certificate);
  CREATE INDEX certificate_seen_by_age ON certificate_seen (last_seen);

  -- From when to when a client made the same of an endpoint; 'since' is when the state began.
  CREATE TABLE verdict (
    id INTEGER PRIMARY KEY,
    client TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ok', 'warning', 'broken')),
    digest BLOB NOT NULL,
    body TEXT NOT NULL,
    since INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX verdict_by_link ON verdict (client, endpoint);
  CREATE INDEX verdict_by_age ON verdict (last_seen);
  `,
  `
  -- Each occurrence of an alert as it is now, or was at its end.
  CREATE TABLE alert (
    id TEXT PRIMARY KEY,
    status TEXT NOT NULL CHECK (status IN ('pending', 'firing', 'resolved')),
    body TEXT NOT NULL,
    since INTEGER NOT NULL,
    resolved_at INTEGER
  ) STRICT;
  CREATE INDEX alert_by_status ON alert (status);
  CREATE INDEX alert_by_age ON alert (resolved_at);

  -- Messages to people. What waits is sent after a restart, too; 'dead' is what nobody took.
  CREATE TABLE notification (
    id TEXT PRIMARY KEY,
    notifier TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    settled_at INTEGER,
    attempts INTEGER NOT NULL,
    error TEXT
  ) STRICT;
  CREATE INDEX notification_by_state ON notification (state);
  CREATE INDEX notification_by_age ON notification (settled_at);
  `,
];

/** The version of the schema that this program writes. */
export const HISTORY_VERSION: number = MIGRATIONS.length;

/** The history is newer than the program. */
export class NewerHistoryError extends Error {
  readonly code = "history-newer";
}

/**
 * Brings a database to the present schema, all steps or none.
 * @throws {NewerHistoryError} when a newer version of the program wrote it
 */
export function migrate(database: Database): void {
  database.exec("PRAGMA journal_mode = WAL");
  // a crash of the process loses nothing, a power cut at most the last moments, and the file stays sound
  database.exec("PRAGMA synchronous = NORMAL");
  const version = versionOf(database);
  if (version > MIGRATIONS.length)
    throw new NewerHistoryError(
      `The history is of version ${version}, and this program knows versions up to ${MIGRATIONS.length}`,
    );
  if (version === MIGRATIONS.length) return;
  transaction(database, () => {
    // another process may have been faster
    for (const step of MIGRATIONS.slice(versionOf(database))) database.exec(step);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

/** The version of a database's schema; 0 for one that is empty. @throws with an SQLite code */
export const versionOf = (database: Database): number =>
  Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
