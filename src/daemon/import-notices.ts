import type { Estate } from "../estate/estate.ts";
import { placeText } from "../estate/systems/origin.ts";
import type { DaemonLog } from "./log.ts";

/** Logs what imports find, once for each time that it changes: a reload for another reason repeats nothing. */
export class ImportNotices {
  readonly #log: DaemonLog;
  #told: ReadonlySet<string> = new Set();

  constructor(log: DaemonLog) {
    this.#log = log;
  }

  /** Takes note of the imports of an estate that is in use now. */
  tell({ imports }: Pick<Estate, "imports">): void {
    const notices = imports.flatMap(({ system, prefix, issues }) =>
      issues
        .filter(({ severity }) => severity !== "info")
        .map(({ code, summary, place }) => ({
          import: prefix,
          system,
          code,
          place: place === null ? undefined : placeText(place),
          summary,
        })),
    );
    const keys = new Set(notices.map((notice) => JSON.stringify(notice)));
    for (const notice of notices) {
      const { summary, ...where } = notice;
      if (!this.#told.has(JSON.stringify(notice))) this.#log.warn(where, summary);
    }
    this.#told = keys;
  }
}
