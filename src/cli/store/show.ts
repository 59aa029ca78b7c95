import type { ResultCode } from "../../report/exit-code.ts";
import { detailText } from "../../report/store/detail-text.ts";
import { storeDetail } from "../../report/store/detail.ts";
import { storeErrorRecord } from "../../report/store/record.ts";
import { selectEntries } from "../../truststore/select-entries.ts";
import type { StoreEntry, StoreFile } from "../../truststore/truststore.ts";
import { InputError } from "../input-error.ts";
import { paintFor, write } from "../output.ts";
import { complainAboutStore, passwordOf, readLocation } from "./open-store.ts";
import type { ShowOptions } from "./options.ts";

/**
 * Prints everything about certificates of a store, all of them where none is named; resolves to the exit code, 3 where
 * the store cannot be read or its integrity is wrong.
 * @throws {UsageError} when the password cannot be had
 * @throws {InputError} when an entry is not there
 */
export async function showEntries(
  path: string,
  selectors: readonly string[],
  { format = "text", password: spec, at = Date.now(), pem }: ShowOptions,
): Promise<ResultCode> {
  const read = await readLocation(path, await passwordOf(spec));
  if (!read.ok) {
    const record = storeErrorRecord(read.error);
    if (format === "text") complainAboutStore(read.error);
    else await write(process.stdout, `${JSON.stringify(record)}\n`);
    return 3;
  }
  const file = read.value;
  const entries = chosenEntries(file, selectors);
  switch (format) {
    case "text": {
      const paint = paintFor(process.stdout);
      const texts = entries.map((entry) =>
        detailText(file, entry, { at, pem: pem === true, paint }),
      );
      await write(process.stdout, texts.join("\n"));
      break;
    }
    case "json": {
      const details = entries.map((entry) => storeDetail(file, entry, at));
      await write(process.stdout, `${JSON.stringify(details, null, 2)}\n`);
      break;
    }
    case "ndjson":
      for (const entry of entries)
        await write(process.stdout, `${JSON.stringify(storeDetail(file, entry, at))}\n`);
      break;
  }
  return file.integrity === "wrong" ? 3 : 0;
}

/** The entries that selectors name, each once, in the order of the store; all without selectors. @throws {InputError} */
export function chosenEntries(
  file: StoreFile,
  selectors: readonly string[],
): readonly StoreEntry[] {
  if (selectors.length === 0) return file.entries;
  const chosen = new Set<StoreEntry>();
  for (const selector of selectors) {
    const selected = selectEntries(file.entries, selector);
    if (!selected.ok) throw new InputError(`${file.path ?? "store"}: ${selected.error.message}`);
    for (const entry of selected.value) chosen.add(entry);
  }
  return file.entries.filter((entry) => chosen.has(entry));
}
