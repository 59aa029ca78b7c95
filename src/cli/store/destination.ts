import { basename, dirname, extname, join, resolve } from "node:path";
import type { StoreFile } from "../../truststore/truststore.ts";
import { createFile, type Replaced, replaceFile } from "../../truststore/write-file.ts";
import { InputError } from "../input-error.ts";
import { UsageError } from "../usage-error.ts";
import type { WriteOptions } from "./options.ts";

/** What became of a store that was to be written. */
export interface Written {
  /** Null when it was only tried. */
  readonly path: string | null;
  readonly backup: string | null;
}

/** What a new store is made of. */
export interface Source {
  readonly file: StoreFile;
  /** What the file held; null for what is no single file and cannot be replaced. */
  readonly bytes: Uint8Array | null;
}

/** Refuses options that contradict one another. @throws {UsageError} */
export function checkDestination({ out, inPlace }: WriteOptions): void {
  if (out !== undefined && inPlace === true)
    throw new UsageError("Either --out FILE or --in-place, not both");
}

/**
 * Writes a store where the options say: into a new file, over the old one with a backup, or nowhere. Without a word
 * about it a new file beside the old one, `trust.new.p12`, is written.
 * @throws {InputError} when it cannot be written; what was there before is there still
 */
export async function writeStore(
  source: Source,
  content: Uint8Array,
  options: WriteOptions,
  defaultExtension?: string,
): Promise<Written> {
  if (options.dryRun === true) return { path: null, backup: null };
  const path = source.file.path ?? "store";
  if (options.inPlace === true) {
    if (source.bytes === null) throw new UsageError(`${path} is no single file to be replaced`);
    const replaced = await replaceFile(path, content, {
      expected: source.bytes,
      now: Date.now(),
    });
    if (!replaced.ok) throw new InputError(replaced.error.message);
    return asNamed(path, replaced.value);
  }
  const created = await createFile(options.out ?? besides(path, defaultExtension), content, {
    mode: holdsKeys(source.file) ? 0o600 : 0o666,
    overwrite: options.force === true && options.out !== undefined,
  });
  if (!created.ok) throw new InputError(created.error.message);
  return { path: created.value, backup: null };
}

/** The paths as the user named the store, unless that is a link to somewhere else. */
function asNamed(path: string, { path: target, backup }: Replaced): Written {
  return target === resolve(path)
    ? { path, backup: path + backup.slice(target.length) }
    : { path: target, backup };
}

function holdsKeys({ skipped }: StoreFile): boolean {
  return skipped.privateKeys > 0 || skipped.secretKeys > 0;
}

/** `trust.new.p12` for `trust.p12`. */
export function besides(path: string, extension: string = extname(path)): string {
  return join(dirname(path), `${basename(path, extname(path))}.new${extension}`);
}
