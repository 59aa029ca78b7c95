import { type Database, transaction } from "./sqlite.ts";

/** Rows that one step removes at most: the API must not wait for a clean-up. */
const STEP = 500;

const STEPS = [
  "DELETE FROM observation WHERE id IN (SELECT id FROM observation WHERE last_seen < :before LIMIT :step)",
  "DELETE FROM verdict WHERE id IN (SELECT id FROM verdict WHERE last_seen < :before LIMIT :step)",
  "DELETE FROM certificate_seen WHERE id IN (SELECT id FROM certificate_seen WHERE last_seen < :before LIMIT :step)",
  "DELETE FROM alert WHERE id IN (SELECT id FROM alert WHERE resolved_at < :before LIMIT :step)",
  "DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE settled_at < :before LIMIT :step)",
  `DELETE FROM handshake WHERE id IN (SELECT id FROM handshake h WHERE
     NOT EXISTS (SELECT 1 FROM observation WHERE handshake = h.id) LIMIT :step)`,
  // a certificate leaves with the last sight of it: a handshake is never kept longer than its sights
  `DELETE FROM certificate WHERE id IN (SELECT id FROM certificate c WHERE
     NOT EXISTS (SELECT 1 FROM certificate_seen WHERE certificate = c.id) LIMIT :step)`,
] as const;

/**
 * Removes some of what was last seen before a time, and what nothing refers to any more.
 * @returns rows removed; call again until it is 0
 * @throws with an SQLite code
 */
export function prune(database: Database, before: number): number {
  let removed = 0;
  transaction(database, () => {
    for (const sql of STEPS) {
      const statement = database.prepare(sql);
      const values = sql.includes(":before") ? { before, step: STEP } : { step: STEP };
      removed += Number(statement.run(values).changes);
    }
  });
  return removed;
}
