import type { ResultCode } from "../../report/exit-code.ts";
import { storeText } from "../../report/store/list-text.ts";
import { storeErrorRecord, storeLineRecords, storeRecord } from "../../report/store/record.ts";
import type { StoreError, StoreFile } from "../../truststore/truststore.ts";
import type { Result } from "../../x509/result.ts";
import { paintFor, write } from "../output.ts";
import { complainAboutStore, passwordOf, readLocation } from "./open-store.ts";
import type { ListOptions } from "./options.ts";

type Read = Result<StoreFile, StoreError>;

/**
 * Prints what stores hold, in the order given; resolves to the exit code: 3 where one cannot be read or its
 * integrity is wrong.
 * @throws {UsageError} when the password cannot be had
 */
export async function listStores(
  paths: readonly string[],
  options: ListOptions,
): Promise<ResultCode> {
  const { format = "text", at = Date.now(), sort = "store" } = options;
  const password = await passwordOf(options.password ?? options.truststorePassword);
  const documents: object[] = [];
  let separator = "";
  let exitCode: ResultCode = 0;
  for (const path of paths) {
    const read = await readLocation(path, password);
    if (!read.ok || read.value.integrity === "wrong") exitCode = 3;
    switch (format) {
      case "text":
        if (read.ok) {
          const text = storeText(read.value, at, paintFor(process.stdout), sort);
          await write(process.stdout, separator + text);
          separator = "\n";
        } else complainAboutStore(read.error);
        break;
      case "json":
        documents.push(read.ok ? storeRecord(read.value, at) : storeErrorRecord(read.error));
        break;
      case "ndjson":
        for (const record of linesOf(path, read, at))
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

function linesOf(path: string, read: Read, at: number): readonly object[] {
  return read.ok ? storeLineRecords(path, read.value, at) : [storeErrorRecord(read.error)];
}
