import type { Command } from "commander";
import { type Inventory, loadInventory } from "../daemon/inventory.ts";
import { systemReaders } from "../daemon/system-readers.ts";
import { formatProblem } from "../estate/estate.ts";
import { loadEstate } from "../estate/load-estate.ts";
import { parseFile } from "./common-options.ts";
import { UsageError } from "./usage-error.ts";

/** The estate file of a folder. */
export const DEFAULT_ESTATE = "anchorwatch.yaml";

/** Adds `--estate FILE`. */
export function addEstateOption(command: Command): Command {
  return command.option("--estate <file>", `estate file (default: ${DEFAULT_ESTATE})`, parseFile);
}

/** Adds the options that say where what endpoints answer is taken from. */
export function addSourceOptions(command: Command): Command {
  return command
    .option("--offline", "take what the daemon's history recorded instead of looking")
    .option(
      "--handshakes <path>",
      "take the handshakes that check --save wrote, a file or a folder of them, instead of looking",
      parseFile,
    );
}

/** The estate with its truststores and identities read. @throws {UsageError} with every mistake in it */
export async function readInventory(file: string = DEFAULT_ESTATE): Promise<Inventory> {
  const estate = await loadEstate(file);
  if (!estate.ok) throw new UsageError(estate.error.map(formatProblem).join("\n"));
  return loadInventory(estate.value, systemReaders);
}
