import { storeErrorText } from "../../report/store/list-text.ts";
import { loadStoreBytes, loadStoreFiles, type StoreBytes } from "../../truststore/load.ts";
import { mergeFiles } from "../../truststore/merge-files.ts";
import { resolvePassword } from "../../truststore/password.ts";
import type { StoreError, StoreFile } from "../../truststore/truststore.ts";
import { ok, type Result } from "../../x509/result.ts";
import { paintFor } from "../output.ts";
import { UsageError } from "../usage-error.ts";

/** The password behind a SPEC; null where none was given. @throws {UsageError} naming the option */
export async function passwordOf(
  spec: string | undefined,
  option = "--password",
): Promise<string | null> {
  if (spec === undefined) return null;
  const password = await resolvePassword(spec);
  if (!password.ok) throw new UsageError(`${option}: ${password.error.message}`);
  return password.value;
}

/**
 * What a location holds as one store: a file, a directory of any kind, a JVM, certificates of the runtime.
 * @param named whether certificates of a directory are called by their files
 */
export async function readLocation(
  location: string,
  password: string | null,
  named = true,
): Promise<Result<StoreFile, StoreError>> {
  const content = await loadStoreFiles(location, { password });
  return content.ok ? ok(mergeFiles(location, content.value, named)) : content;
}

/** A store with its bytes; null when it cannot be read, which standard error then says. */
export async function openOrComplain(
  path: string,
  password: string | null,
): Promise<StoreBytes | null> {
  const loaded = await loadStoreBytes(path, { password });
  if (loaded.ok) return loaded.value;
  complainAboutStore(loaded.error);
  return null;
}

/** Says on standard error why a store cannot be read. */
export function complainAboutStore(error: StoreError): void {
  process.stderr.write(storeErrorText(error, paintFor(process.stderr)));
}
