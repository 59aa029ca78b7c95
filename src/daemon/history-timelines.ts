import * as z from "zod";
import type { Alert } from "./alerts/alert.ts";
import type { Database } from "./sqlite.ts";

/** Places of one certificate that are told, those seen last first. */
const MAX_PLACES = 1000;

/** Where and when a certificate was seen. */
export interface CertificateHistory {
  readonly der: Uint8Array;
  readonly seen: readonly {
    readonly endpoint: string;
    readonly address: string;
    /** Milliseconds since 1970. */
    readonly firstSeen: number;
    readonly lastSeen: number;
  }[];
}

/** What is known of a certificate; null when it was never seen. @throws with an SQLite code */
export function certificateHistory(database: Database, sha256: string): CertificateHistory | null {
  const row = database
    .prepare("SELECT id, der FROM certificate WHERE sha256 = ?")
    .get(Buffer.from(sha256, "hex"));
  const der = row?.["der"];
  if (row === undefined || !(der instanceof Uint8Array)) return null;
  const seen = database
    .prepare(
      `SELECT endpoint, address, first_seen, last_seen FROM certificate_seen
       WHERE certificate = ? ORDER BY last_seen DESC, id DESC LIMIT ?`,
    )
    .all(Number(row["id"]), MAX_PLACES)
    .map((place) => ({
      endpoint: String(place["endpoint"]),
      address: String(place["address"]),
      firstSeen: Number(place["first_seen"]),
      lastSeen: Number(place["last_seen"]),
    }));
  return { der, seen };
}

/** Where a part of a time line ends: what is older than this follows. */
export interface TimelinePart {
  /** The oldest row of the part before; null for the latest rows. */
  readonly before: number | null;
  readonly limit: number;
}

/** A time during which a client made the same of an endpoint, with its row. Times are ms since 1970. */
export interface TimelineVerdict extends z.infer<typeof VerdictBody> {
  readonly row: number;
  readonly state: "ok" | "warning" | "broken";
  readonly since: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

const VerdictBody = z.object({
  trusted: z.boolean().nullable(),
  nameMatch: z.boolean().nullable(),
  breaksAt: z.number().nullable(),
  chain: z.array(z.string()),
  findings: z.array(
    z.object({
      code: z.string(),
      severity: z.enum(["critical", "warning", "info"]),
      summary: z.string(),
    }),
  ),
});

/** What a client made of an endpoint, latest first; rows that are damaged are left out. @throws with an SQLite code */
export function linkTimeline(
  database: Database,
  { client, endpoint }: { readonly client: string; readonly endpoint: string },
  { before, limit }: TimelinePart,
): readonly TimelineVerdict[] {
  return database
    .prepare(
      `SELECT id, state, since, first_seen, last_seen, body FROM verdict
       WHERE client = ? AND endpoint = ? AND id < ? ORDER BY id DESC LIMIT ?`,
    )
    .all(client, endpoint, before ?? Number.MAX_SAFE_INTEGER, limit)
    .flatMap((row) => {
      const body = VerdictBody.safeParse(parsedJson(row["body"]));
      const { state } = row;
      if (!body.success || (state !== "ok" && state !== "warning" && state !== "broken")) return [];
      return [
        {
          ...body.data,
          row: Number(row["id"]),
          state,
          since: Number(row["since"]),
          firstSeen: Number(row["first_seen"]),
          lastSeen: Number(row["last_seen"]),
        },
      ];
    });
}

/** Certificates of an endpoint with when each was first and last seen, seen last first. @throws with an SQLite code */
export function endpointCertificates(
  database: Database,
  endpoint: string,
  { before, limit }: TimelinePart,
): readonly {
  readonly row: number;
  readonly address: string;
  readonly sha256: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
}[] {
  return database
    .prepare(
      `SELECT s.id, s.address, c.sha256, s.first_seen, s.last_seen
       FROM certificate_seen s JOIN certificate c ON c.id = s.certificate
       WHERE s.endpoint = ? AND s.id < ? ORDER BY s.id DESC LIMIT ?`,
    )
    .all(endpoint, before ?? Number.MAX_SAFE_INTEGER, limit)
    .map((row) => ({
      row: Number(row["id"]),
      address: String(row["address"]),
      sha256: row["sha256"] instanceof Uint8Array ? Buffer.from(row["sha256"]).toString("hex") : "",
      firstSeen: Number(row["first_seen"]),
      lastSeen: Number(row["last_seen"]),
    }));
}

/** Alerts that are over, latest first; rows that are damaged are left out. @throws with an SQLite code */
export function pastAlerts(database: Database, limit: number): readonly Alert[] {
  return database
    .prepare(
      "SELECT body FROM alert WHERE status = 'resolved' ORDER BY resolved_at DESC, id LIMIT ?",
    )
    .all(limit)
    .flatMap(({ body }) => {
      const alert = parsedJson(body);
      // this program wrote it itself
      return typeof alert === "object" && alert !== null ? [alert as Alert] : [];
    });
}

function parsedJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
}
