import { Command } from "commander";
import { readingCommands } from "./store/reading-commands.ts";
import { writingCommands } from "./store/writing-commands.ts";

/** The command `store` and what can be done with truststores and keystores. */
export function storeCommand(): Command {
  const store = new Command("store").description(
    "Look into truststores and keystores of any format, compare, check, convert and change them",
  );
  for (const command of [...readingCommands(), ...writingCommands()]) store.addCommand(command);
  return store;
}
