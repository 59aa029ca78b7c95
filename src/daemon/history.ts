import type { Alert } from "./alerts/alert.ts";
import { type Delivery, savedAlerts, waitingDeliveries } from "./alerts/alert-rows.ts";
import type { Clock } from "./clock.ts";
import type { Health } from "./health.ts";
import { answersOf, latestTime, type RecordedAnswer, rememberedStates } from "./history-reader.ts";
import { keptAside, setAside } from "./history-quarantine.ts";
import { prune } from "./history-retention.ts";
import { migrate, NewerHistoryError } from "./history-schema.ts";
import { type HistoryEntry, HistoryWriter } from "./history-writer.ts";
import { type Database, endPatience, openDatabase, troubleOf } from "./sqlite.ts";
import type { RememberedState } from "./state.ts";

/** Where and how long a history is kept. */
export interface HistoryOptions {
  readonly path: string;
  /** Milliseconds; see `keep`. */
  readonly keep: number;
  readonly clock: Clock;
  readonly health: Health;
  /** Pages of 4 KiB that the file may have; for places where disk space is rationed. @default no bound */
  readonly maxPages?: number;
  /** Called when a new file was begun in the place of a damaged one: it lacks what was on disk. */
  readonly begun?: () => void;
  /** Called for each result that could not be recorded. @default nobody counts */
  readonly lost?: () => void;
}

/** Entries that wait in memory while the database cannot be written; beyond it the oldest are dropped. */
const MAX_WAITING = 10_000;

/** Files that are set aside in one run: where the next is damaged as well, it is the disk. */
const MOST_ASIDE = 3;

/** Milliseconds for which the start waits for a lock: what is not remembered then is told a second time. */
const START_PATIENCE = 5000;

const RETRY_FIRST = 250;
const RETRY_LAST = 30_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Milliseconds after the last loss for which people can still read of it. */
const INCOMPLETE_TOLD = HOUR;

/**
 * The daemon's memory on disk. Nothing here throws: while the database is locked, full, damaged or gone,
 * entries wait in memory, and the health of the daemon says so.
 */
export class History {
  readonly #options: HistoryOptions;
  #database: Database | null = null;
  #writer: HistoryWriter | null = null;
  readonly #waiting: HistoryEntry[] = [];
  #dropped = 0;
  #keep: number;
  #cancelTold: () => void = () => {};
  #setAside = 0;
  #opened = 0;
  #delay = RETRY_FIRST;
  #cancelRetry: (() => void) | null = null;
  #cancelPrune: () => void = () => {};
  /** The latest time that the clock can be believed to show: a wrong clock must not age the records. */
  #credible: { readonly wall: number; readonly monotonic: number } | null = null;
  #closed = false;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#keep = options.keep;
    this.#tellAside();
    this.#attempt(() => {});
    this.#cancelPrune = options.clock.after(0, () => this.#prune());
  }

  /** Entries that wait in memory. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Keeps what is recorded for another time from now on, in milliseconds. */
  keep(milliseconds: number): void {
    this.#keep = milliseconds;
  }

  /** States from before the start, by linkKey; empty when the history cannot be read. */
  remembered(): ReadonlyMap<string, RememberedState> {
    let states: ReadonlyMap<string, RememberedState> = new Map();
    this.#attempt((database) => {
      states = rememberedStates(database);
    });
    return states;
  }

  /** Alerts and messages from before the start; empty when the history cannot be read. */
  rememberedAlerts(endedSince: number): {
    readonly alerts: readonly Alert[];
    readonly waiting: readonly Delivery[];
  } {
    let remembered: ReturnType<History["rememberedAlerts"]> = { alerts: [], waiting: [] };
    this.#attempt((database) => {
      remembered = {
        alerts: savedAlerts(database, endedSince),
        waiting: waitingDeliveries(database),
      };
    });
    return remembered;
  }

  /** The latest answers of each address of an endpoint, oldest first; empty when the history cannot be read. */
  answers(endpoint: string, most: number): readonly RecordedAnswer[] {
    let answers: readonly RecordedAnswer[] = [];
    this.#attempt((database) => {
      answers = answersOf(database, endpoint, most);
    });
    return answers;
  }

  /** Reads what is not read at the start; undefined while the history cannot be read. */
  read<T>(use: (database: Database) => T): T | undefined {
    let result: T | undefined;
    this.#attempt((database) => {
      result = use(database);
    });
    return result;
  }

  /** Records an entry; it is on disk when this returns, unless the database is in trouble. */
  record(entry: HistoryEntry): void {
    this.#waiting.push(entry);
    if (this.#waiting.length > MAX_WAITING) {
      this.#waiting.shift();
      this.#lose("too many wait for the database");
    }
    if (this.#cancelRetry === null) this.#flush();
  }

  /** Writes what waits, as far as that is possible, and closes the database. */
  close(): void {
    if (this.#closed) return;
    this.#cancelPrune();
    this.#cancelTold();
    this.#cancelRetry?.();
    this.#flush();
    this.#closed = true;
    this.#cancelRetry?.();
    this.#disconnect();
  }

  #flush(): void {
    const done = this.#attempt((_database, writer) => {
      for (let entry = this.#waiting[0]; entry !== undefined; entry = this.#waiting[0]) {
        try {
          writer.write(entry);
        } catch (error) {
          if (troubleOf(error) !== null) throw error;
          // what the database refuses for itself would stand in the way of everything after it
          const about = "alerts" in entry ? "alerts" : entry.endpoint;
          this.#lose(`an entry about ${about} was refused: ${String(error)}`);
        }
        this.#waiting.shift();
      }
    });
    if (done) this.#delay = RETRY_FIRST;
    else this.#retryLater();
  }

  #lose(reason: string): void {
    const { clock, health, path, lost } = this.#options;
    this.#dropped++;
    lost?.();
    const count = this.#dropped === 1 ? "1 result" : `${this.#dropped} results`;
    // a disk that stays full must not be filled with lines about it
    const isLogged = Number.isInteger(Math.log2(this.#dropped));
    health.raise("history-incomplete", path, `${count} could not be recorded: ${reason}`, isLogged);
    this.#cancelTold();
    this.#cancelTold = clock.after(INCOMPLETE_TOLD, () => {
      health.clear("history-incomplete", path);
      this.#dropped = 0;
    });
  }

  #retryLater(): void {
    if (this.#closed || this.#cancelRetry !== null) return;
    this.#cancelRetry = this.#options.clock.after(this.#delay, () => {
      this.#cancelRetry = null;
      this.#flush();
    });
    this.#delay = Math.min(2 * this.#delay, RETRY_LAST);
  }

  /** Uses the database, opening it where necessary. False when that failed for a reason that may pass. */
  #attempt(use: (database: Database, writer: HistoryWriter) => void): boolean {
    const { path, health } = this.#options;
    if (this.#closed) return false;
    try {
      const { database, writer } = this.#connect();
      use(database, writer);
      // reading may work where writing does not
      if (this.#waiting.length === 0) health.clear("history-unavailable", path);
      return true;
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === null && !(error instanceof NewerHistoryError)) throw error;
      if (trouble?.fatal !== false) this.#disconnect();
      if (trouble?.damaged === true && this.#beginAnew()) {
        const done = this.#attempt(use);
        this.#options.begun?.();
        return done;
      }
      const reason = trouble?.reason ?? "";
      health.raise(
        "history-unavailable",
        path,
        error instanceof NewerHistoryError
          ? error.message
          : `The history cannot be used, because ${reason}; results wait in memory`,
      );
      return false;
    }
  }

  /** Sets a damaged file aside. False when that cannot be done, or was done too often. */
  #beginAnew(): boolean {
    const { path, clock } = this.#options;
    if (this.#setAside >= MOST_ASIDE) return false;
    try {
      setAside(path, clock.wall());
    } catch {
      return false;
    }
    this.#setAside++;
    this.#tellAside();
    return true;
  }

  /** A damaged file is a problem until somebody has taken it away. */
  #tellAside(): void {
    const { path, health } = this.#options;
    const latest = keptAside(path).at(-1);
    if (latest === undefined) health.clear("history-damaged", path);
    else
      health.raise(
        "history-damaged",
        path,
        `The history was damaged and a new one begun; the damaged one is ${latest}: rescue what is needed from it, then move it away`,
      );
  }

  #connect(): { readonly database: Database; readonly writer: HistoryWriter } {
    if (this.#database !== null && this.#writer !== null)
      return { database: this.#database, writer: this.#writer };
    const database = openDatabase(this.#options.path, this.#opened++ === 0 ? START_PATIENCE : 0);
    try {
      migrate(database);
      endPatience(database);
      const { maxPages, clock } = this.#options;
      if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${Math.floor(maxPages)}`);
      this.#credible ??= {
        wall: latestTime(database) ?? clock.wall(),
        monotonic: clock.monotonic(),
      };
    } catch (error) {
      database.close();
      throw error;
    }
    this.#database = database;
    this.#writer = new HistoryWriter(database);
    return { database, writer: this.#writer };
  }

  #disconnect(): void {
    const database = this.#database;
    this.#database = null;
    this.#writer = null;
    try {
      database?.close();
    } catch (error) {
      if (troubleOf(error) === null) throw error;
    }
  }

  #prune(): void {
    this.#tellAside();
    const { clock } = this.#options;
    let removed = 0;
    this.#attempt((database, writer) => {
      if (this.#credible === null) return;
      const { wall, monotonic } = this.#credible;
      const latest = Math.min(clock.wall(), wall + clock.monotonic() - monotonic + DAY);
      removed = prune(database, latest - this.#keep);
      if (removed > 0) writer.forget();
    });
    // steps follow each other until nothing is left
    this.#cancelPrune = clock.after(removed > 0 ? 100 : HOUR, () => this.#prune());
  }
}
