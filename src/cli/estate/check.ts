import { Command } from "commander";
import { parseFile, parseTime } from "../common-options.ts";
import { addEstateOption } from "../estate-option.ts";
import { oneOf } from "../report-format.ts";
import { UsageError } from "../usage-error.ts";

const FORMATS = ["text", "json", "ndjson", "junit", "nagios", "markdown", "html"] as const;

/** Options of `estate check` as commander hands them over. */
export interface EstateCheckOptions {
  readonly estate?: string;
  readonly offline?: true;
  readonly handshakes?: string;
  readonly at?: number;
  readonly format?: (typeof FORMATS)[number];
}

/** The command `estate check`. */
export function estateCheckCommand(): Command {
  return addEstateOption(
    new Command("check").description(
      "Check the estate without any connection: the file, every store and key with its password, what is imported, what nothing uses",
    ),
  )
    .option(
      "--offline",
      "also tell which anchors no link needs, from what the daemon's history recorded",
    )
    .option(
      "--handshakes <path>",
      "the same from the handshakes that check --save wrote, a file or a folder of them",
      parseFile,
    )
    .option("--at <time>", "check as of this time instead of now (RFC 3339)", parseTime)
    .option("--format <format>", `${FORMATS.join(", ")} (default: text)`, oneOf(FORMATS))
    .addHelpText(
      "after",
      `
Exit code 64 when the estate cannot be used, 2 with a critical finding, 1 with
a warning, otherwise 0.`,
    )
    .action(async (options: EstateCheckOptions) => {
      if (options.offline === true && options.handshakes !== undefined)
        throw new UsageError("Use either --offline or --handshakes");
      const { runEstateCheck } = await import("./run-check.ts");
      process.exitCode = await runEstateCheck(options);
    });
}
