import { Command } from "commander";
import { parseFile } from "./common-options.ts";

/** The command `alerts`: what concerns the telling of alerts. */
export function alertsCommand(): Command {
  const test = new Command("test")
    .description("Send a test message to notifiers of the estate and say whether they took it")
    .argument("[notifier...]", "names of notifiers (default: all)")
    .option("--estate <file>", "estate file", parseFile, "anchorwatch.yaml")
    .addHelpText(
      "after",
      `
Example:
  anchorwatch alerts test on-call --estate anchorwatch.yaml`,
    )
    .action(async (names: readonly string[], { estate }: { readonly estate: string }) => {
      const { testNotifiers } = await import("./test-notifiers.ts");
      process.exitCode = await testNotifiers(names, estate);
    });
  return new Command("alerts").description("Test how alerts are told").addCommand(test);
}
