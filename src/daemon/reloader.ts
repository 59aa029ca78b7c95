import { type Estate, formatProblem } from "../estate/estate.ts";
import type { Result } from "../x509/result.ts";
import type { Health } from "./health.ts";
import type { HttpAccess } from "./http/access/access.ts";
import { type Inventory, type InventoryReaders, newProblems } from "./inventory.ts";
import type { DaemonLog } from "./log.ts";
import { type ReadEstate, readEstate } from "./read-estate.ts";
import { notifySystemd } from "./systemd.ts";

/** What a reloader works with. */
export interface ReloaderOptions {
  /** As given by the user; relative to the working directory. */
  readonly estateFile: string;
  readonly readers: InventoryReaders;
  readonly log: DaemonLog;
  readonly health: Health;
  /** What is in use now. */
  readonly inventory: () => Inventory;
  /** Who may do what over HTTP; an error, in one sentence, stands in the way. */
  readonly access: (inventory: Inventory) => Promise<Result<HttpAccess, string>>;
  /** Takes over what was read. */
  readonly adopt: (read: ReadEstate, access: HttpAccess) => Promise<void>;
  /** Watches the files of an estate that cannot be used: they decide when it can. */
  readonly watch: (read: ReadEstate) => void;
  /** Counts a reload. */
  readonly count: (outcome: "loaded" | "refused") => void;
}

/** Mistakes that a health problem names; the log has them all. */
const MAX_NAMED = 5;

/** Reads the estate again, all or nothing, one reload after the other. */
export class Reloader {
  readonly #options: ReloaderOptions;
  #last: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(options: ReloaderOptions) {
    this.#options = options;
  }

  /** Lets reloads wait for something else that is under way; a defect in it does not stand in their way. */
  after(work: Promise<unknown>): void {
    this.#last = work.catch((error: unknown) => this.#refuse([String(error)]));
  }

  /** False when the old estate goes on. One at a time: a second one may have been asked for by a newer change. */
  reload(): Promise<boolean> {
    const turn = this.#last.then(async () => {
      try {
        return await this.#reload();
      } catch (error) {
        return this.#refuse([String(error)]);
      }
    });
    this.#last = turn;
    return turn;
  }

  /** Begins no further reload. */
  stop(): void {
    this.#stopped = true;
  }

  async #reload(): Promise<boolean> {
    if (this.#stopped) return false;
    const { log } = this.#options;
    notifySystemd("--reloading", log);
    try {
      return await this.#readAndAdopt();
    } finally {
      notifySystemd("--ready", log);
    }
  }

  async #readAndAdopt(): Promise<boolean> {
    const { estateFile, readers, log, health } = this.#options;
    const read = await readEstate(estateFile, readers);
    if (!read.ok) return this.#refuse(read.error.map(formatProblem));
    const { inventory } = read.value;
    const fresh = newProblems(this.#options.inventory(), inventory);
    if (!fresh.ok) {
      this.#options.watch(read.value);
      return this.#refuse(fresh.error.map(({ subject, message }) => `${subject}: ${message}`));
    }
    const access = await this.#options.access(inventory);
    if (!access.ok) {
      this.#options.watch(read.value);
      return this.#refuse([access.error]);
    }
    health.clear("estate-refused", this.#file);
    await this.#options.adopt(read.value, access.value);
    this.#options.count("loaded");
    log.info({ links: inventory.estate.links.length }, "Estate loaded again");
    return true;
  }

  #refuse(reasons: readonly string[]): false {
    const { log, health, count } = this.#options;
    count("refused");
    for (const reason of reasons) log.error(reason);
    const more = reasons.length > MAX_NAMED ? [`and ${reasons.length - MAX_NAMED} more`] : [];
    const named = [...reasons.slice(0, MAX_NAMED), ...more].join("; ");
    health.raise(
      "estate-refused",
      this.#file,
      `The changed estate is not used, and the old one goes on: ${named}`,
    );
    return false;
  }

  get #file(): Estate["file"] {
    return this.#options.inventory().estate.file;
  }
}
