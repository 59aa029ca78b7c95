import { Command, InvalidArgumentError } from "commander";
import { FORMATS, parseFile, parseFormat, PASSWORD_SPEC } from "../common-options.ts";
import { refuseEmpty } from "./arguments.ts";
import type { AddOptions, ConvertOptions, WriteOptions, WrittenFormat } from "./options.ts";

const FORMAT = `${FORMATS.join(", ")} (default: text)`;
const IN_PLACE = "replace the store atomically, with a backup";

/** The commands that write stores: convert, add, remove. */
export function writingCommands(): readonly Command[] {
  return [convertCommand(), addCommand(), removeCommand()];
}

/** What the commands that write have in common. */
function destination(command: Command, force: string): Command {
  return command
    .option("--out <file>", "new store (default: beside the old one)", parseFile)
    .option("--in-place", IN_PLACE)
    .option("--dry-run", "say what would be done, and write nothing")
    .option("--force", force)
    .option("--format <format>", FORMAT, parseFormat);
}

function convertCommand(): Command {
  const command = new Command("convert")
    .summary("write a store in another format")
    .description("Write the trusted certificates of a store in another format")
    .argument("<file>", "store to read, of any format")
    .requiredOption("--to <format>", "jks, pkcs12 or pem", parseTarget)
    .option("--password <spec>", PASSWORD_SPEC)
    .option("--out-password <spec>", "the new store's password (default: the same)")
    .option("--legacy", "3DES and SHA-1, for Java 8 before 8u301")
    .option("--without-keys", "leave private keys behind");
  return destination(command, "replace the file of --out")
    .addHelpText(
      "after",
      `
Private keys are never converted: the answer names the keytool or openssl
command that does it.

Examples:
  anchorwatch store convert ca.pem --to pkcs12 --out trust.p12 --out-password env:TRUST_PW
  anchorwatch store convert trust.jks --password env:TRUST_PW --to pem --out trust.pem`,
    )
    .action(async (file: string, options: ConvertOptions) => {
      refuseEmpty([file]);
      const { convertStore } = await import("./convert.ts");
      process.exitCode = await convertStore(file, options);
    });
}

function addCommand(): Command {
  const command = new Command("add")
    .summary("add trusted certificates")
    .description("Add trusted certificates to a JKS, PKCS#12 or PEM store")
    .argument("<file>", "store to add to; private keys in it are kept as they are")
    .argument("<certificate...>", "files with certificates, of any format")
    .option("--alias <name>", "alias (default: made from the name)")
    .option("--password <spec>", PASSWORD_SPEC);
  return destination(command, "add a leaf or sample, replace the file of --out")
    .addHelpText(
      "after",
      `
Compare the fingerprint that is printed with the owner of the CA before any
client uses the new store.

Examples:
  anchorwatch store add trust.p12 corp-root-g3.cer --password env:TRUST_PW --out new-trust.p12
  anchorwatch store add cacerts corp-root-g3.cer --alias corp-root-g3 --password prompt --in-place`,
    )
    .action(async (file: string, certificates: readonly string[], options: AddOptions) => {
      refuseEmpty([file, ...certificates]);
      const { addCertificates } = await import("./add.ts");
      process.exitCode = await addCertificates(file, certificates, options);
    });
}

function removeCommand(): Command {
  const command = new Command("remove")
    .summary("remove trusted certificates")
    .description("Remove trusted certificates from a JKS, PKCS#12 or PEM store")
    .argument("<file>", "store to remove from; private keys in it are kept as they are")
    .argument("<entry...>", "alias, fingerprint or #number")
    .option("--password <spec>", PASSWORD_SPEC);
  return destination(command, "replace the file of --out")
    .addHelpText(
      "after",
      `
Examples:
  anchorwatch store remove trust.p12 old-root --password env:TRUST_PW --out new-trust.p12
  anchorwatch store remove ca.pem '#2' --in-place`,
    )
    .action(async (file: string, entries: readonly string[], options: WriteOptions) => {
      refuseEmpty([file, ...entries]);
      const { removeEntries } = await import("./remove.ts");
      process.exitCode = await removeEntries(file, entries, options);
    });
}

function parseTarget(value: string): WrittenFormat {
  if (value === "jks" || value === "pkcs12" || value === "pem") return value;
  if (value === "p12") return "pkcs12";
  throw new InvalidArgumentError("This version writes jks, pkcs12, pem");
}
