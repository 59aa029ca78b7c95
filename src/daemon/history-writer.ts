import { hash } from "node:crypto";
import { type AlertEntry, writeAlerts } from "./alerts/alert-rows.ts";
import { fingerprintOf, handshakeRecord } from "./handshake-record.ts";
import { linkKey, type LinkState } from "./link-state.ts";
import type { Observation } from "./observe.ts";
import { type Database, type SqlValue, type Statement, transaction } from "./sqlite.ts";

/** What the history takes: a look at an endpoint, or what became of alerts. */
export type HistoryEntry = LookEntry | AlertEntry;

/** What one look at an endpoint adds to the history. */
export interface LookEntry {
  readonly endpoint: string;
  readonly observation: Observation;
  readonly links: readonly LinkState[];
}

interface Latest {
  readonly id: number;
  readonly digest: string;
}

/** Writes entries: what is equal to the latest row only moves its time. */
export class HistoryWriter {
  readonly #database: Database;
  readonly #statements = new Map<string, Statement>();
  readonly #observations = new Map<string, Latest>();
  readonly #verdicts = new Map<string, Latest>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Writes one entry, whole or not at all. @throws with an SQLite code */
  write(entry: HistoryEntry): void {
    if ("alerts" in entry) {
      transaction(this.#database, () => writeAlerts(this.#database, entry));
      return;
    }
    const { endpoint, observation, links } = entry;
    try {
      transaction(this.#database, () => {
        for (const observed of observation.handshakes)
          this.#writeHandshake(endpoint, observed, observation.at);
        for (const link of links) this.#writeVerdict(link);
      });
    } catch (error) {
      // ids noted during the transaction may not exist
      this.forget();
      throw error;
    }
  }

  /** Looks everything up anew, because rows may be gone. */
  forget(): void {
    this.#observations.clear();
    this.#verdicts.clear();
  }

  #writeHandshake(
    endpoint: string,
    { identity, handshake }: Observation["handshakes"][number],
    at: number,
  ): void {
    const { address } = handshake;
    const record = handshakeRecord(handshake);
    const digest = record.digest.toString("hex");
    const place = JSON.stringify([endpoint, address, identity]);
    const latest =
      this.#observations.get(place) ??
      this.#latest(
        `SELECT o.id, h.digest FROM observation o JOIN handshake h ON h.id = o.handshake
         WHERE o.endpoint = ? AND o.address IS ? AND o.identity IS ? ORDER BY o.id DESC LIMIT 1`,
        [endpoint, address, identity],
      );
    if (latest?.digest === digest) {
      this.#observations.set(place, latest);
      this.#run("UPDATE observation SET last_seen = max(last_seen, ?) WHERE id = ?", [
        at,
        latest.id,
      ]);
    } else {
      this.#run(
        "INSERT INTO handshake (digest, body) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
        [record.digest, record.body],
      );
      const id = this.#run(
        `INSERT INTO observation (endpoint, address, identity, handshake, first_seen, last_seen)
         VALUES (?, ?, ?, (SELECT id FROM handshake WHERE digest = ?), ?, ?)`,
        [endpoint, address, identity, record.digest, at, at],
      );
      this.#observations.set(place, { id, digest });
    }
    for (const der of handshake.certificates) this.#writeCertificate(endpoint, address, der, at);
  }

  #writeCertificate(endpoint: string, address: string | null, der: Uint8Array, at: number): void {
    const sha256 = fingerprintOf(der);
    this.#run(
      "INSERT INTO certificate (sha256, der) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING",
      [sha256, der],
    );
    this.#run(
      `INSERT INTO certificate_seen (endpoint, address, certificate, first_seen, last_seen)
       VALUES (?, ?, (SELECT id FROM certificate WHERE sha256 = ?), ?, ?)
       ON CONFLICT (endpoint, address, certificate) DO UPDATE SET last_seen = max(last_seen, excluded.last_seen)`,
      [endpoint, address ?? "", sha256, at, at],
    );
  }

  #writeVerdict(link: LinkState): void {
    const { client, endpoint, state, checkedAt, since } = link;
    if (state === "pending" || checkedAt === null || since === null) return;
    const body = verdictBody(link);
    const digest = hash("sha256", verdictContent(link), "hex");
    const key = linkKey(client, endpoint);
    const latest =
      this.#verdicts.get(key) ??
      this.#latest(
        `SELECT id, digest FROM verdict WHERE client = ? AND endpoint = ?
         ORDER BY id DESC LIMIT 1`,
        [client, endpoint],
      );
    if (latest?.digest === digest) {
      this.#verdicts.set(key, latest);
      this.#run("UPDATE verdict SET last_seen = max(last_seen, ?) WHERE id = ?", [
        checkedAt,
        latest.id,
      ]);
      return;
    }
    const id = this.#run(
      `INSERT INTO verdict (client, endpoint, state, digest, body, since, first_seen, last_seen)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      [client, endpoint, state, Buffer.from(digest, "hex"), body, since, checkedAt, checkedAt],
    );
    this.#verdicts.set(key, { id, digest });
  }

  #latest(sql: string, values: readonly SqlValue[]): Latest | undefined {
    const row = this.#statement(sql).get(...values);
    const digest = row?.["digest"];
    if (!(digest instanceof Uint8Array)) return undefined;
    return { id: Number(row?.["id"]), digest: Buffer.from(digest).toString("hex") };
  }

  #run(sql: string, values: readonly SqlValue[]): number {
    return Number(this.#statement(sql).run(...values).lastInsertRowid);
  }

  #statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

const verdictFacts = ({ state, ok, trusted, nameMatch, breaksAt, chain }: LinkState): object => ({
  state,
  ok,
  trusted,
  nameMatch,
  breaksAt,
  chain: chain.map(({ sha256 }) => sha256),
});

/** What makes one verdict differ from another: no wording, no times of checking. */
const verdictContent = (link: LinkState): string =>
  JSON.stringify({
    ...verdictFacts(link),
    findings: link.findings.map(({ code, severity }) => [code, severity]),
  });

const verdictBody = (link: LinkState): string =>
  JSON.stringify({
    ...verdictFacts(link),
    findings: link.findings.map(({ code, severity, summary }) => ({ code, severity, summary })),
  });
