import type { ResultCode } from "../report/exit-code.ts";
import { storeErrorRecord, storeLineRecords, storeRecord } from "../report/store-record.ts";
import { storeErrorText, storeText } from "../report/store-text.ts";
import { loadStoreFile } from "../truststore/load.ts";
import { resolvePassword } from "../truststore/password.ts";
import type { StoreError, StoreFile } from "../truststore/truststore.ts";
import type { Result } from "../x509/result.ts";
import { paintFor, write } from "./output.ts";
import type { StoreListOptions } from "./store.ts";
import { UsageError } from "./usage-error.ts";

type Read = Result<StoreFile, StoreError>;

/**
 * Prints what stores hold, in the order given; resolves to the exit code: 3 where one cannot be read or its
 * integrity is wrong.
 * @throws {UsageError} when the password cannot be had
 */
export async function listStores(
  paths: readonly string[],
  { format = "text", truststorePassword: spec }: StoreListOptions,
): Promise<ResultCode> {
  const password = spec === undefined ? null : await resolvePassword(spec);
  if (password !== null && !password.ok)
    throw new UsageError(`--password: ${password.error.message}`);
  const documents: object[] = [];
  let separator = "";
  let exitCode: ResultCode = 0;
  for (const path of paths) {
    const read = await loadStoreFile(path, { password: password?.value ?? null });
    if (!read.ok || read.value.integrity === "wrong") exitCode = 3;
    switch (format) {
      case "text":
        separator = await printText(read, separator);
        break;
      case "json":
        documents.push(read.ok ? storeRecord(read.value) : storeErrorRecord(read.error));
        break;
      case "ndjson":
        for (const record of linesOf(path, read))
          await write(process.stdout, `${JSON.stringify(record)}\n`);
        break;
    }
  }
  if (format === "json") {
    const document = paths.length === 1 ? documents[0] : documents;
    await write(process.stdout, `${JSON.stringify(document, null, 2)}\n`);
  }
  return exitCode;
}

/** Prints one store, failures on standard error; resolves to what is to stand before the next one. */
async function printText(read: Read, separator: string): Promise<string> {
  if (!read.ok) {
    process.stderr.write(storeErrorText(read.error, paintFor(process.stderr)));
    return separator;
  }
  const text = storeText(read.value, Date.now(), paintFor(process.stdout));
  await write(process.stdout, separator + text);
  return "\n";
}

function linesOf(path: string, read: Read): readonly object[] {
  return read.ok ? storeLineRecords(path, read.value) : [storeErrorRecord(read.error)];
}
