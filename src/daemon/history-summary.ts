import { fail, ok, type Result } from "../x509/result.ts";
import { HISTORY_VERSION, versionOf } from "./history-schema.ts";
import { type Database, defectOf, openBeside, troubleOf } from "./sqlite.ts";

/** What a history holds. Times are milliseconds since 1970; null where it is empty. */
export interface HistorySummary {
  readonly version: number;
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
  readonly endpoints: number;
  readonly certificates: number;
  /** Distinct answers of servers. */
  readonly answers: number;
  /** Times during which an address gave the same answer. */
  readonly observations: number;
  /** Times during which a client made the same of an endpoint. */
  readonly verdicts: number;
  readonly alerts: number;
  /** Messages to people that wait. */
  readonly waiting: number;
  /** Messages that nobody took. */
  readonly dead: number;
}

/** Sums up and checks a history, also while the daemon writes to it. The error is half a sentence. */
export function summariseHistory(path: string): Result<HistorySummary, string> {
  let database: Database | null = null;
  try {
    database = openBeside(path);
    const version = versionOf(database);
    if (version !== HISTORY_VERSION)
      return fail(`it is of version ${version}, and this program reads version ${HISTORY_VERSION}`);
    const defect = defectOf(database);
    return defect === null ? ok(summaryOf(database, version)) : fail(`it is damaged (${defect})`);
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble === null) throw error;
    return fail(trouble.reason);
  } finally {
    database?.close();
  }
}

function summaryOf(database: Database, version: number): HistorySummary {
  const read = (sql: string): number | null => {
    const value = Object.values(database.prepare(sql).get() ?? {})[0];
    return typeof value === "number" ? value : null;
  };
  const count = (rows: string): number => read(`SELECT count(*) FROM ${rows}`) ?? 0;
  return {
    version,
    firstSeen: read("SELECT min(first_seen) FROM observation"),
    lastSeen: read("SELECT max(last_seen) FROM observation"),
    endpoints: count("(SELECT DISTINCT endpoint FROM observation)"),
    certificates: count("certificate"),
    answers: count("handshake"),
    observations: count("observation"),
    verdicts: count("verdict"),
    alerts: count("alert"),
    waiting: count("notification WHERE state = 'waiting'"),
    dead: count("notification WHERE state = 'dead'"),
  };
}
