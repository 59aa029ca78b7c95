import type { TimelinePart } from "../history-timelines.ts";
import type { Database } from "../sqlite.ts";
import type { Alert, Notification } from "./alert.ts";

/** Messages that are sent after a start at most. */
const MOST_WAITING = 100_000;

/** How far a message is on its way. */
export interface Delivery {
  readonly notification: Notification;
  /** `dead`: nobody took it, and it is not tried again. */
  readonly state: "waiting" | "delivered" | "dead";
  readonly attempts: number;
  /** What the last attempt failed with; null when none did. */
  readonly error: string | null;
  /** Milliseconds since 1970; null while it waits. */
  readonly settledAt: number | null;
}

/** Alerts and messages as they are now. */
export interface AlertEntry {
  readonly alerts: readonly Alert[];
  /** Ids of alerts that were over before they fired. */
  readonly dropped: readonly string[];
  readonly deliveries: readonly Delivery[];
}

/** Writes an entry; the caller makes it one transaction. @throws with an SQLite code */
export function writeAlerts(database: Database, { alerts, dropped, deliveries }: AlertEntry): void {
  const alert = database.prepare(
    `INSERT INTO alert (id, status, body, since, resolved_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET
       status = excluded.status, body = excluded.body, resolved_at = excluded.resolved_at`,
  );
  for (const each of alerts)
    alert.run(each.id, each.status, JSON.stringify(each), each.since, each.resolvedAt);
  const drop = database.prepare("DELETE FROM alert WHERE id = ?");
  for (const id of dropped) drop.run(id);
  const delivery = database.prepare(
    `INSERT INTO notification (id, notifier, state, body, created_at, settled_at, attempts, error)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, settled_at = excluded.settled_at,
       attempts = excluded.attempts, error = excluded.error`,
  );
  for (const { notification, state, attempts, error, settledAt } of deliveries) {
    const { id, notifier, createdAt } = notification;
    const body = JSON.stringify(notification);
    delivery.run(id, notifier, state, body, createdAt, settledAt, attempts, error);
  }
}

/**
 * The alerts that are not over, and those that ended since a time, oldest first. Rows that are damaged are left out.
 * @throws with an SQLite code
 */
export function savedAlerts(database: Database, endedSince: number): readonly Alert[] {
  return database
    .prepare(
      `SELECT body FROM alert WHERE status <> 'resolved' OR resolved_at >= ? ORDER BY since, id`,
    )
    .all(endedSince)
    .flatMap(({ body }) => parsed<Alert>(body));
}

/** The messages that wait, in the order in which they were made. @throws with an SQLite code */
export function waitingDeliveries(database: Database): readonly Delivery[] {
  // a clock that was set back must not turn a beginning and its end round
  return deliveriesWhere(database, "state = 'waiting' ORDER BY rowid LIMIT ?", [MOST_WAITING]);
}

/** Messages of some states with their rows, latest first. @throws with an SQLite code */
export function listedDeliveries(
  database: Database,
  states: readonly Delivery["state"][],
  { before, limit }: TimelinePart,
): readonly (Delivery & { readonly row: number })[] {
  const places = states.map(() => "?").join(", ");
  return deliveriesWhere(
    database,
    `state IN (${places}) AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
    [...states, before ?? Number.MAX_SAFE_INTEGER, limit],
  );
}

function deliveriesWhere(
  database: Database,
  rest: string,
  values: readonly (string | number)[],
): readonly (Delivery & { readonly row: number })[] {
  return database
    .prepare(
      `SELECT rowid, state, body, attempts, error, settled_at FROM notification WHERE ${rest}`,
    )
    .all(...values)
    .flatMap(({ rowid, state, body, attempts, error, settled_at }) =>
      parsed<Notification>(body).map((notification) => ({
        row: Number(rowid),
        notification,
        state: state === "delivered" || state === "dead" ? state : "waiting",
        attempts: Number(attempts),
        error: typeof error === "string" ? error : null,
        settledAt: typeof settled_at === "number" ? settled_at : null,
      })),
    );
}

/** What this program wrote itself, or nothing where the file was damaged since. */
function parsed<T extends object>(body: unknown): readonly T[] {
  if (typeof body !== "string") return [];
  try {
    return [JSON.parse(body) as T];
  } catch {
    return [];
  }
}
