import { Command } from "commander";
import { type Format, FORMATS, parseFormat, PASSWORD_SPEC } from "./common-options.ts";
import { UsageError } from "./usage-error.ts";

/** Options of `store list` as commander hands them over. */
export interface StoreListOptions {
  readonly truststorePassword?: string;
  readonly format?: Format;
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
    .option("--password, --truststore-password <spec>", PASSWORD_SPEC)
    .option("--format <format>", `${FORMATS.join(", ")} (default: text)`, parseFormat)
    .addHelpText(
      "after",
      `
Example:
  anchorwatch store list trust.p12 --password env:TRUST_PW`,
    )
    .action(async (files: readonly string[], options: StoreListOptions) => {
      if (files.includes("")) throw new UsageError("Name a file; an empty name was given");
      const { listStores } = await import("./store-list.ts");
      process.exitCode = await listStores(files, options);
    });
  return store;
}
