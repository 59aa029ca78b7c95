import { Command } from "commander";
import { parseTime } from "./common-options.ts";
import { addEstateOption, addSourceOptions } from "./estate-option.ts";
import { parseReportFormat, REPORT_FORMATS, type ReportFormat } from "./report-format.ts";
import { UsageError } from "./usage-error.ts";

/** Options of `whatif` as commander hands them over. */
export interface WhatIfOptions {
  readonly estate?: string;
  readonly offline?: true;
  readonly handshakes?: string;
  readonly at?: number;
  readonly all?: true;
  readonly format?: ReportFormat;
}

/** The command `whatif`: what a plan would do to every link of the estate. */
export function whatIfCommand(): Command {
  const command = new Command("whatif")
    .description(
      "Judge a change plan before it is carried out: what breaks, what is repaired, in which order it is safe",
    )
    .argument("<plan>", "the change plan, YAML");
  addSourceOptions(addEstateOption(command));
  return command
    .option("--at <time>", "judge as of this time instead of the plan's (RFC 3339)", parseTime)
    .option("--all", "list the links, too, that nothing happens to")
    .option("--format <format>", `${REPORT_FORMATS.join(", ")} (default: text)`, parseReportFormat)
    .addHelpText(
      "after",
      `
A plan:
  changes:
    - { truststore: pfs-trust, add: [new-root.cer], remove: [old-root] }
    - { endpoint: bpm-east, serves: new-chain.pem, key: new-key.pem }
    - { client: pfs, profile: openjdk-21 }

Exit code 2 when a working link would break, or when no order of the changes
keeps every working link working.

Example:
  anchorwatch whatif plan.yaml --offline --format markdown > ticket.md`,
    )
    .action(async (plan: string, options: WhatIfOptions) => {
      if (options.offline === true && options.handshakes !== undefined)
        throw new UsageError("Use either --offline or --handshakes");
      const { runWhatIf } = await import("./run-whatif.ts");
      process.exitCode = await runWhatIf(plan, options);
    });
}
