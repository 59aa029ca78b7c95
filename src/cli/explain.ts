import { Command } from "commander";
import { parseFile, parseTimeout } from "./common-options.ts";
import { EXPLAIN_FORMATS, type ExplainOptions, parseExplainFormat } from "./explain/options.ts";

/** The command `explain`: what an error text, a log, a finding's code or a case of the catalogue means. */
export function explainCommand(): Command {
  return new Command("explain")
    .description(
      "Say what an error text or a log means: causes, most likely first, the check that decides, the remedy",
    )
    .argument(
      "[text...]",
      "the text, a file with it or - for standard input; or the code of a finding, or a case such as A11",
    )
    .option("--list", "list the codes of all findings")
    .option("--estate <file>", "name the link of this estate that the text is about", parseFile)
    .option("--check", "make the check that decides and say which cause it is")
    .option("--timeout <seconds>", "for one handshake of --check (default: 10)", parseTimeout)
    .option(
      "--format <format>",
      `${EXPLAIN_FORMATS.join(", ")} (default: text)`,
      parseExplainFormat,
    )
    .addHelpText(
      "after",
      `
Ends with 0 where no known error text is found and with 2 where one is; with
--check as check does. Pages about codes and cases end with 0.

Examples:
  anchorwatch explain 'PKIX path building failed: unable to find valid ...'
  journalctl -u my-service | anchorwatch explain
  anchorwatch explain /var/log/app.log --estate anchorwatch.yaml --check
  anchorwatch explain truststore.anchor-missing`,
    )
    .action(async (words: readonly string[], given: Partial<ExplainOptions>) => {
      const { runExplain } = await import("./explain/run-explain.ts");
      process.exitCode = await runExplain(words, { format: "text", timeout: 10_000, ...given });
    });
}
