import { Command } from "commander";
import { storeErrorRecord, storeEntryRecord, storeRecord } from "../report/store-record.ts";
import { storeErrorText, storeText } from "../report/store-text.ts";
import type { ExitCode } from "../report/exit-code.ts";
import { worse } from "../report/exit-code.ts";
import { type Format, parseFormat } from "./common-options.ts";
import { paintFor, write } from "./output.ts";
import { UsageError } from "./usage-error.ts";

interface ListOptions {
  readonly truststorePassword?: string;
  readonly format: Format;
}

/** The command `store` and what can be done with truststores and keystores. */
export function storeCommand(): Command {
  const store = new Command("store").description(
    "Look into truststores and keystores of any format",
  );
  store
    .command("list")
    .description(
      "List the certificates of a store: alias, subject, fingerprint, dates, kind, what Java sees",
    )
    .argument("<file...>", "store to read; the format is found by its content")
    .option("--password, --truststore-password <spec>", "env:NAME, file:PATH, stash:PATH or prompt")
    .option("--format <format>", "text, json or ndjson", parseFormat, "text")
    .action(async (files: readonly string[], options: ListOptions) => {
      process.exitCode = await list(files, options);
    });
  return store;
}

async function list(
  files: readonly string[],
  { format, ...options }: ListOptions,
): Promise<ExitCode> {
  const [{ loadStoreFile }, { resolvePassword }] = await Promise.all([
    import("../truststore/load.ts"),
    import("../truststore/password.ts"),
  ]);
  const spec = options.truststorePassword;
  const password = spec === undefined ? null : await resolvePassword(spec);
  if (password !== null && !password.ok)
    throw new UsageError(`--password: ${password.error.message}`);
  let exitCode: Exclude<ExitCode, 64> = 0;
  const paint = paintFor(process.stdout);
  const records: object[] = [];
  for (const path of files) {
    const read = await loadStoreFile(path, { password: password?.value ?? null });
    if (!read.ok) {
      exitCode = worse(exitCode, 3);
      if (format === "text")
        process.stderr.write(storeErrorText(read.error, paintFor(process.stderr)));
      else records.push(storeErrorRecord(read.error));
      continue;
    }
    if (read.value.integrity === "wrong") exitCode = worse(exitCode, 3);
    if (format === "text") await write(process.stdout, storeText(read.value, Date.now(), paint));
    else if (format === "json") records.push(storeRecord(read.value));
    else records.push(...read.value.entries.map((entry) => ({ path, ...storeEntryRecord(entry) })));
  }
  if (format === "json")
    await write(
      process.stdout,
      `${JSON.stringify(files.length === 1 ? records[0] : records, null, 2)}\n`,
    );
  if (format === "ndjson")
    for (const record of records) await write(process.stdout, `${JSON.stringify(record)}\n`);
  return exitCode;
}
