import type { Observation } from "../../links/observation.ts";
import { handshakeOf } from "../handshake-record.ts";
import { type Database, openBeside } from "../sqlite.ts";

/** Answers that are this much older than the latest one of an endpoint are not its present ones any more; ms. */
const PRESENT = 3_600_000;

/**
 * What every endpoint answered when it was looked at last, from the history.
 * @throws with an SQLite code
 */
export function recordedObservations(path: string): ReadonlyMap<string, Observation> {
  const database = openBeside(path);
  try {
    return latestObservations(database);
  } finally {
    database.close();
  }
}

/** As recordedObservations, from a history that is open. @throws with an SQLite code */
export function latestObservations(database: Database): ReadonlyMap<string, Observation> {
  const certificate = database.prepare("SELECT der FROM certificate WHERE sha256 = ?");
  const known = new Map<string, Uint8Array | undefined>();
  const lookUp = (sha256: string): Uint8Array | undefined => {
    if (known.has(sha256)) return known.get(sha256);
    const der = certificate.get(Buffer.from(sha256, "hex"))?.["der"];
    const bytes = der instanceof Uint8Array ? der : undefined;
    known.set(sha256, bytes);
    return bytes;
  };
  const rows = database.prepare(
    `SELECT o.endpoint, o.identity, o.last_seen, h.id AS handshake, h.body,
       max(o.last_seen) OVER (PARTITION BY o.endpoint) AS latest,
       row_number() OVER (PARTITION BY o.endpoint, o.address, o.identity
         ORDER BY o.last_seen DESC, o.id DESC) AS place
     FROM observation o JOIN handshake h ON h.id = o.handshake ORDER BY o.endpoint, o.address`,
  );
  const found = new Map<string, Observation>();
  for (const row of rows.iterate()) {
    const [seen, latest] = [Number(row["last_seen"]), Number(row["latest"])];
    if (row["place"] !== 1 || seen < latest - PRESENT) continue;
    const handshake = handshakeOf(String(row["body"]), seen, lookUp);
    if (handshake === null) continue;
    const endpoint = String(row["endpoint"]);
    const before = found.get(endpoint);
    const identity = row["identity"] === null ? null : String(row["identity"]);
    found.set(endpoint, {
      at: latest,
      handshakes: [...(before?.handshakes ?? []), { identity, handshake }],
    });
  }
  return found;
}
