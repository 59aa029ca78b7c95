import { Command, InvalidArgumentError } from "commander";
import { parseTime } from "./common-options.ts";
import { addEstateOption, addSourceOptions } from "./estate-option.ts";
import { oneOf } from "./report-format.ts";
import { UsageError } from "./usage-error.ts";

const FORMATS = ["text", "json", "ndjson", "markdown", "html", "ics", "junit", "nagios"] as const;

/** How far ahead a forecast looks where nobody says it. */
export const DEFAULT_DAYS = 365;

/** Options of `forecast` as commander hands them over. */
export interface ForecastOptions {
  readonly estate?: string;
  readonly offline?: true;
  readonly handshakes?: string;
  readonly days?: number;
  readonly at?: number;
  readonly format?: (typeof FORMATS)[number];
}

/** The command `forecast`: when the links of the estate will break, and what keeps them from it. */
export function forecastCommand(): Command {
  const command = new Command("forecast").description(
    "Tell when links will break, as each client would see it, grouped into the pieces of work that prevent it",
  );
  addSourceOptions(addEstateOption(command));
  return command
    .option("--days <n>", `look this many days ahead (default: ${DEFAULT_DAYS})`, parseDays)
    .option("--at <time>", "judge as of this time instead of now (RFC 3339)", parseTime)
    .option("--format <format>", `${FORMATS.join(", ")} (default: text)`, oneOf(FORMATS))
    .addHelpText(
      "after",
      `
Exit code 2 when a link is broken now or breaks within the critical threshold
of the estate, 3 when one cannot be judged, 1 when one breaks within the warning
threshold, or within the days of --days where they are given.

Examples:
  anchorwatch forecast --offline --days 90
  anchorwatch forecast --offline --format ics > renewals.ics`,
    )
    .action(async (options: ForecastOptions) => {
      if (options.offline === true && options.handshakes !== undefined)
        throw new UsageError("Use either --offline or --handshakes");
      const { runForecast } = await import("./run-forecast.ts");
      process.exitCode = await runForecast(options);
    });
}

/** Reads `--days`. */
function parseDays(value: string): number {
  const days = /^\d{1,5}$/.test(value) ? Number(value) : 0;
  if (days < 1 || days > 36_500)
    throw new InvalidArgumentError("Use a whole number of days from 1 to 36500");
  return days;
}
