import { Command } from "commander";
import { parseFile } from "./common-options.ts";

/** The command `history`: what concerns the daemon's memory. */
export function historyCommand(): Command {
  const backup = new Command("backup")
    .description("Copy the history into a file, also while the daemon runs")
    .argument("<file>", "file to write")
    .option("--estate <file>", "estate file", parseFile, "anchorwatch.yaml")
    .option("--force", "replace the file where it exists")
    .addHelpText(
      "after",
      `
Example:
  anchorwatch history backup /backup/anchorwatch.db --estate anchorwatch.yaml`,
    )
    .action(
      async (
        file: string,
        { estate, force = false }: { readonly estate: string; readonly force?: boolean },
      ) => {
        const { backUp } = await import("./history-commands.ts");
        await backUp(parseFile(file), estate, force);
      },
    );
  const info = new Command("info")
    .description("Check the history and say what it holds")
    .option("--estate <file>", "estate file", parseFile, "anchorwatch.yaml")
    .action(async ({ estate }: { readonly estate: string }) => {
      const { showInfo } = await import("./history-commands.ts");
      await showInfo(estate);
    });
  return new Command("history")
    .description("Back up and inspect what the daemon remembers")
    .addCommand(backup)
    .addCommand(info);
}
