import { stat } from "node:fs/promises";
import { join } from "node:path";
import { printable } from "../../diagnosis/words.ts";
import type { ResultCode } from "../../report/exit-code.ts";
import { storeErrorText } from "../../report/store/list-text.ts";
import { fileNames } from "../../truststore/file-names.ts";
import type { StoreEntry } from "../../truststore/truststore.ts";
import { createFile } from "../../truststore/write-file.ts";
import { pemEntry, writePemStore } from "../../truststore/write-pem.ts";
import { InputError } from "../input-error.ts";
import { paintFor, write } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import { passwordOf, readLocation } from "./open-store.ts";
import type { ExtractOptions } from "./options.ts";
import { chosenEntries } from "./show.ts";

/**
 * Writes certificates of a store as PEM or DER to standard output, into a file or into a folder; resolves to the exit
 * code.
 * @throws {UsageError} when options contradict or the password cannot be had
 * @throws {InputError} when an entry is not there, or a file cannot be written
 */
export async function extractEntries(
  path: string,
  selectors: readonly string[],
  options: ExtractOptions,
): Promise<ResultCode> {
  if (selectors.length === 0 && options.all !== true)
    throw new UsageError("Name the entries to extract by alias, fingerprint or #N, or give --all");
  if (selectors.length > 0 && options.all === true)
    throw new UsageError("Either name entries or give --all, not both");
  const read = await readLocation(path, await passwordOf(options.password));
  if (!read.ok) {
    process.stderr.write(storeErrorText(read.error, paintFor(process.stderr)));
    return 3;
  }
  const entries = distinct(chosenEntries(read.value, selectors));
  const { out } = options;
  if (out === undefined || out === "-") await toOutput(entries, options);
  else if (await isFolder(out)) await toFolder(entries, out, options);
  else await toFile(entries, out, options);
  return read.value.integrity === "wrong" ? 3 : 0;
}

function distinct(entries: readonly StoreEntry[]): readonly StoreEntry[] {
  const seen = new Set<string>();
  return entries.filter(({ sha256 }) => !seen.has(sha256) && seen.add(sha256));
}

async function isFolder(path: string): Promise<boolean> {
  if (path.endsWith("/")) return true;
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function toOutput(entries: readonly StoreEntry[], { der }: ExtractOptions): Promise<void> {
  if (der !== true) {
    await write(process.stdout, writePemStore(entries));
    return;
  }
  if (process.stdout.isTTY)
    throw new UsageError("DER is not for terminals; give --out FILE, or send the output elsewhere");
  process.stdout.write(single(entries).der);
}

async function toFile(
  entries: readonly StoreEntry[],
  path: string,
  { der, force }: ExtractOptions,
): Promise<void> {
  const content = der === true ? single(entries).der : Buffer.from(writePemStore(entries), "utf8");
  await create(path, content, force === true);
}

/** DER holds one certificate a file. @throws {UsageError} */
function single(entries: readonly StoreEntry[]): StoreEntry {
  const [first] = entries;
  if (first === undefined || entries.length > 1)
    throw new UsageError(
      `DER holds one certificate; ${entries.length} were chosen: name a folder with --out, or leave --der out for PEM`,
    );
  return first;
}

async function toFolder(
  entries: readonly StoreEntry[],
  folder: string,
  { der, force }: ExtractOptions,
): Promise<void> {
  const names = fileNames(entries, der === true ? ".der" : ".pem");
  for (const [index, entry] of entries.entries()) {
    const content = der === true ? entry.der : Buffer.from(pemEntry(entry), "utf8");
    await create(join(folder, names[index] ?? entry.sha256), content, force === true);
  }
}

async function create(path: string, content: Uint8Array, overwrite: boolean): Promise<void> {
  const created = await createFile(path, content, { mode: 0o666, overwrite });
  if (!created.ok) throw new InputError(created.error.message);
  await write(process.stdout, `${printable(path)}\n`);
}
