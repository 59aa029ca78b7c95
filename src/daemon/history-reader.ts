import { chainOf, type HandshakeRecord, handshakeOf } from "./handshake-record.ts";
import { linkKey } from "./link-state.ts";
import type { Handshake } from "../probe/handshake.ts";
import type { Database } from "./sqlite.ts";
import type { RememberedState } from "./state.ts";

/** Rows of an endpoint that are looked through for answers: one that flaps has very many. */
const MOST_ROWS = 256;

/** The latest state of every link, by linkKey. @throws with an SQLite code */
export function rememberedStates(database: Database): ReadonlyMap<string, RememberedState> {
  const rows = database.prepare(
    `SELECT client, endpoint, state, since FROM verdict
     WHERE id IN (SELECT max(id) FROM verdict GROUP BY client, endpoint)`,
  );
  const states = new Map<string, RememberedState>();
  for (const { client, endpoint, state, since } of rows.iterate())
    if (state === "ok" || state === "warning" || state === "broken")
      states.set(linkKey(String(client), String(endpoint)), { state, since: Number(since) });
  return states;
}

/** When the latest thing was seen, in milliseconds since 1970; null for an empty history. @throws with an SQLite code */
export function latestTime(database: Database): number | null {
  const row = database.prepare("SELECT max(last_seen) AS latest FROM observation").get();
  const latest = row?.["latest"];
  return typeof latest === "number" ? latest : null;
}

/** A time during which an address gave the same answer. */
export interface RecordedObservation {
  readonly address: string | null;
  readonly identity: string | null;
  /** Milliseconds since 1970. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Null when the record is damaged. */
  readonly handshake: Handshake | null;
}

/** What an endpoint answered, oldest first. @throws with an SQLite code */
export function observationsOf(database: Database, endpoint: string): RecordedObservation[] {
  const lookUp = certificateReader(database);
  return database
    .prepare(
      `SELECT o.address, o.identity, o.first_seen, o.last_seen, h.body
       FROM observation o JOIN handshake h ON h.id = o.handshake
       WHERE o.endpoint = ? ORDER BY o.first_seen, o.id`,
    )
    .all(endpoint)
    .map((row) => ({
      address: row["address"] === null ? null : String(row["address"]),
      identity: row["identity"] === null ? null : String(row["identity"]),
      firstSeen: Number(row["first_seen"]),
      lastSeen: Number(row["last_seen"]),
      handshake: handshakeOf(bodyOf(row["body"]), Number(row["last_seen"]), lookUp),
    }));
}

/** Finds certificates by SHA-256 in hexadecimal. */
function certificateReader(database: Database): (sha256: string) => Uint8Array | undefined {
  const certificate = database.prepare("SELECT der FROM certificate WHERE sha256 = ?");
  return (sha256) => {
    const der = certificate.get(Buffer.from(sha256, "hex"))?.["der"];
    return der instanceof Uint8Array ? der : undefined;
  };
}

/**
 * What an endpoint answered as of a time: of each address and client certificate what it answered then, or last
 * before; addresses that were no longer seen by then only where none was. Damaged records are left out.
 * @param at milliseconds since 1970
 * @throws with an SQLite code
 */
export function handshakesAt(
  database: Database,
  endpoint: string,
  at: number,
): readonly Handshake[] {
  const lookUp = certificateReader(database);
  const rows = database
    .prepare(
      `SELECT o.last_seen, h.body, EXISTS (
         SELECT 1 FROM observation n WHERE n.endpoint = o.endpoint AND n.address IS o.address
         AND n.identity IS o.identity AND n.id > o.id
       ) AS replaced
       FROM observation o JOIN handshake h ON h.id = o.handshake
       WHERE o.id IN (
         SELECT max(id) FROM observation WHERE endpoint = ? AND first_seen <= ? GROUP BY address, identity
       ) ORDER BY o.last_seen DESC, o.id LIMIT ?`,
    )
    .all(endpoint, at, MOST_ROWS);
  const lastSeen = (row: (typeof rows)[number]): number => Number(row["last_seen"]);
  const present = rows.filter((row) => lastSeen(row) >= at || row["replaced"] === 1);
  const [latest] = rows;
  const chosen =
    present.length > 0 || latest === undefined
      ? present
      : rows.filter((row) => lastSeen(row) === lastSeen(latest));
  return chosen.flatMap(
    (row) => handshakeOf(bodyOf(row["body"]), Math.min(lastSeen(row), at), lookUp) ?? [],
  );
}

const bodyOf = (value: unknown): HandshakeRecord["body"] =>
  typeof value === "string" ? value : "";

/** A time during which a client made the same of an endpoint. */
export interface RecordedVerdict {
  readonly state: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** JSON. */
  readonly body: string;
}

/** What a client made of an endpoint, oldest first. @throws with an SQLite code */
export function verdictsOf(
  database: Database,
  client: string,
  endpoint: string,
): RecordedVerdict[] {
  return database
    .prepare(
      `SELECT state, since, first_seen, last_seen, body FROM verdict
       WHERE client = ? AND endpoint = ? ORDER BY first_seen, id`,
    )
    .all(client, endpoint)
    .map((row) => ({
      state: String(row["state"]),
      since: Number(row["since"]),
      firstSeen: Number(row["first_seen"]),
      lastSeen: Number(row["last_seen"]),
      body: String(row["body"]),
    }));
}

/** Certificates that an address sent during a time. */
export interface RecordedAnswer {
  readonly address: string;
  /** DER, in the order sent; at least one. */
  readonly certificates: readonly Uint8Array[];
  /** `TLSv1.3`, ...; null when it is not known. */
  readonly version: string | null;
  /** Milliseconds since 1970. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/**
 * The latest answers of each address of an endpoint that had certificates, oldest first.
 * @param most for one address
 * @throws with an SQLite code
 */
export function answersOf(
  database: Database,
  endpoint: string,
  most: number,
): readonly RecordedAnswer[] {
  const certificate = database.prepare("SELECT der FROM certificate WHERE sha256 = ?");
  const rows = database
    .prepare(
      `SELECT o.address, o.first_seen, o.last_seen, h.body
       FROM observation o JOIN handshake h ON h.id = o.handshake
       WHERE o.endpoint = ? AND o.address IS NOT NULL ORDER BY o.last_seen DESC, o.id DESC LIMIT ?`,
    )
    .all(endpoint, MOST_ROWS);
  const taken = new Map<string, number>();
  const answers: RecordedAnswer[] = [];
  for (const row of rows) {
    const address = String(row["address"]);
    const count = taken.get(address) ?? 0;
    if (count >= most) continue;
    const { fingerprints, version } = chainOf(bodyOf(row["body"]));
    const certificates = fingerprints.flatMap((sha256) => {
      const der = certificate.get(Buffer.from(sha256, "hex"))?.["der"];
      return der instanceof Uint8Array ? [der] : [];
    });
    if (certificates.length === 0 || certificates.length < fingerprints.length) continue;
    const [firstSeen, lastSeen] = [Number(row["first_seen"]), Number(row["last_seen"])];
    answers.push({ address, certificates, version, firstSeen, lastSeen });
    taken.set(address, count + 1);
  }
  return answers.toReversed();
}
