import { Command, InvalidArgumentError } from "commander";
import { parseThreshold, type Threshold } from "../../estate/duration.ts";
import type { StoreOrder } from "../../report/store/list-text.ts";
import {
  RESULT_FORMATS,
  FORMATS,
  parseResultFormat,
  parseFile,
  parseFormat,
  parseTime,
  PASSWORD_SPEC,
} from "../common-options.ts";
import { refuseEmpty } from "./arguments.ts";
import type {
  DiffOptions,
  ExtractOptions,
  LintOptions,
  ListOptions,
  ShowOptions,
} from "./options.ts";

const FORMAT = `${FORMATS.join(", ")} (default: text)`;
const RESULT_FORMAT = `${RESULT_FORMATS.join(", ")} (default: text)`;
const AT = "count from this time (RFC 3339; default: now)";

/** The commands that look into stores and write none: list, show, diff, lint, extract. */
export function readingCommands(): readonly Command[] {
  return [listCommand(), showCommand(), diffCommand(), lintCommand(), extractCommand()];
}

function listCommand(): Command {
  return new Command("list")
    .summary("list what stores hold, and who sees it")
    .description(
      "List the certificates of a store: alias, subject, what is left of their lifetime,\nfingerprint, and which clients see them",
    )
    .argument("<file...>", "store to read; the format is found by its content")
    .option("--password <spec>", PASSWORD_SPEC)
    .option("--truststore-password <spec>", "the same, by its name in check")
    .option("--at <time>", AT, parseTime)
    .option("--sort <order>", "store, expiry or alias (default: store)", parseOrder)
    .option("--format <format>", FORMAT, parseFormat)
    .addHelpText(
      "after",
      `
Examples:
  anchorwatch store list trust.p12 --password env:TRUST_PW
  anchorwatch store list cacerts --sort expiry --at 2027-01-01`,
    )
    .action(async (files: readonly string[], options: ListOptions) => {
      refuseEmpty(files);
      const { listStores } = await import("./list.ts");
      process.exitCode = await listStores(files, options);
    });
}

function showCommand(): Command {
  return new Command("show")
    .summary("show everything about certificates")
    .description("Show everything about certificates of a store")
    .argument("<file>", "store to read")
    .argument("[entry...]", "alias, fingerprint or #number; default: all")
    .option("--password <spec>", PASSWORD_SPEC)
    .option("--pem", "print the certificate itself as well")
    .option("--at <time>", AT, parseTime)
    .option("--format <format>", FORMAT, parseFormat)
    .addHelpText(
      "after",
      `
Examples:
  anchorwatch store show trust.p12 corp-root-g2 --password env:TRUST_PW
  anchorwatch store show ca.pem '#1' --pem`,
    )
    .action(async (file: string, entries: readonly string[], options: ShowOptions) => {
      refuseEmpty([file, ...entries]);
      const { showEntries } = await import("./show.ts");
      process.exitCode = await showEntries(file, entries, options);
    });
}

function diffCommand(): Command {
  return new Command("diff")
    .summary("compare two stores")
    .description(
      "Compare two stores by certificate, name and key: added, removed, re-issued,\nre-keyed, renamed, seen by others",
    )
    .argument("<before>", "store to compare with")
    .argument("<after>", "store that is compared")
    .option("--password <spec>", PASSWORD_SPEC)
    .option("--other-password <spec>", "the second store's password where it is another")
    .option("--format <format>", RESULT_FORMAT, parseResultFormat)
    .addHelpText(
      "after",
      `
Exit codes: 0 without difference, 1 with differences, 3 when a store cannot be
read. A difference is never a problem by itself.

Example:
  anchorwatch store diff old-trust.jks new-trust.p12 --password env:TRUST_PW`,
    )
    .action(async (before: string, after: string, options: DiffOptions) => {
      refuseEmpty([before, after]);
      const { diffStores } = await import("./diff.ts");
      process.exitCode = await diffStores(before, after, options);
    });
}

function lintCommand(): Command {
  return new Command("lint")
    .summary("say what to change in stores")
    .description(
      "Say what to change in a store: expired, weak, leaf instead of CA, invisible to\nJava, default password and more",
    )
    .argument("<file...>", "store to look over")
    .option("--password <spec>", PASSWORD_SPEC)
    .option("--at <time>", "judge as of this time (RFC 3339; default: now)", parseTime)
    .option("--warning <time>", "report expiries this long before (default: 30d)", parseSpan)
    .option("--critical <time>", "as critical this long before (default: 7d)", parseSpan)
    .option("--format <format>", RESULT_FORMAT, parseResultFormat)
    .addHelpText(
      "after",
      `
Without --password a few passwords that everybody knows are tried. A time
before an expiry is written as 90d, 12h or a share of the lifetime, 33%.

Examples:
  anchorwatch store lint trust.p12 --password env:TRUST_PW
  anchorwatch store lint cacerts ca.pem --warning 90d --format junit`,
    )
    .action(async (files: readonly string[], options: LintOptions) => {
      refuseEmpty(files);
      const { lintStores } = await import("./lint.ts");
      process.exitCode = await lintStores(files, options);
    });
}

function extractCommand(): Command {
  return new Command("extract")
    .summary("write certificates as PEM or DER")
    .description("Write certificates of a store as PEM or DER")
    .argument("<file>", "store to read")
    .argument("[entry...]", "alias, fingerprint or #number")
    .option("--all", "every certificate of the store")
    .option("--password <spec>", PASSWORD_SPEC)
    .option("--der", "DER instead of PEM")
    .option("--out <path>", "file or folder (default: standard output)", parseFile)
    .option("--force", "replace files that are there already")
    .addHelpText(
      "after",
      `
Examples:
  anchorwatch store extract trust.p12 corp-root-g2 --password env:TRUST_PW > ca.pem
  anchorwatch store extract cacerts --all --out certificates/ --der`,
    )
    .action(async (file: string, entries: readonly string[], options: ExtractOptions) => {
      refuseEmpty([file, ...entries]);
      const { extractEntries } = await import("./extract.ts");
      process.exitCode = await extractEntries(file, entries, options);
    });
}

function parseOrder(value: string): StoreOrder {
  if (value === "store" || value === "expiry" || value === "alias") return value;
  throw new InvalidArgumentError("This version knows store, expiry, alias");
}

function parseSpan(value: string): Threshold {
  const threshold = parseThreshold(value);
  if (threshold === null)
    throw new InvalidArgumentError("Use a time such as 30d or 12h, or a share such as 33%");
  return threshold;
}
