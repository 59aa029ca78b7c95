import { stat } from "node:fs/promises";
import type { Clock } from "./clock.ts";

/** What a file watch needs. */
export interface FileWatchOptions {
  readonly clock: Clock;
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** Called when the files differ from the accepted ones and have come to rest. */
  readonly changed: () => Promise<void>;
}

/**
 * Watches files by looking at their size, times and identity: that works on every file system, and sees
 * files that are replaced, links that point elsewhere and mounts that change. A change is told once the
 * files look the same twice in a row, so that a file is not read while it is being written.
 */
export class FileWatch {
  readonly #options: FileWatchOptions;
  #files: readonly string[] = [];
  #accepted = "";
  #previous = "";
  #cancel: () => void = () => {};
  #closed = false;

  constructor(options: FileWatchOptions) {
    this.#options = options;
  }

  /** Watches these files from now on; `signature` is how they looked before they were read. */
  accept(files: readonly string[], signature: string): void {
    this.#files = files;
    this.#accepted = signature;
    this.#previous = signature;
    this.#schedule();
  }

  /** Ends the watch. */
  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  #schedule(): void {
    this.#cancel();
    if (this.#closed) return;
    this.#cancel = this.#options.clock.after(this.#options.interval, () => void this.#look());
  }

  async #look(): Promise<void> {
    const files = this.#files;
    const present = await signatureOf(files);
    if (files !== this.#files || this.#closed) return;
    const resting = present === this.#previous;
    this.#previous = present;
    if (resting && present !== this.#accepted) {
      this.#accepted = present;
      await this.#options.changed();
    }
    this.#schedule();
  }
}

/** How files look from outside: different texts mean that one was changed, replaced, added or removed. */
export async function signatureOf(files: readonly string[]): Promise<string> {
  const looks = await Promise.all(
    files.map(async (file) => {
      try {
        const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
        return [dev, ino, size, mtimeNs, ctimeNs].join(" ");
      } catch (error) {
        return error instanceof Error && "code" in error ? String(error.code) : "unknown";
      }
    }),
  );
  return JSON.stringify([files, looks]);
}
