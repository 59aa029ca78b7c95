import { Command } from "commander";
import { estateCheckCommand } from "./estate/check.ts";
import { estateShowCommand } from "./estate/show.ts";

/** The command `estate`: what the estate consists of, and whether it is in order. */
export function estateCommand(): Command {
  return new Command("estate")
    .description("Show the estate, or check it without any connection")
    .addCommand(estateShowCommand())
    .addCommand(estateCheckCommand());
}
