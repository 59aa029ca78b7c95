import { Command, InvalidArgumentError } from "commander";
import { parseConcurrency, parseServerName, parseTimeout } from "./common-options.ts";
import { addRouteOptions, checkRouteOptions, type RouteOptions } from "./route-options.ts";
import { UsageError } from "./usage-error.ts";

/** Formats of `survey`. */
export const SURVEY_FORMATS = [
  "text",
  "json",
  "ndjson",
  "junit",
  "nagios",
  "markdown",
  "html",
] as const;

/** An output format of `survey`. */
export type SurveyFormat = (typeof SURVEY_FORMATS)[number];

/** Options of `survey` as commander hands them over. */
export interface SurveyOptions extends RouteOptions {
  readonly servername?: string;
  readonly connect?: string;
  /** Milliseconds for each conversation. */
  readonly timeout: number;
  readonly concurrency: number;
  readonly rate: number;
  readonly format: SurveyFormat;
}

const MOST_PER_SECOND = 10_000;

/** Connections in a second. */
function parseRate(value: string): number {
  const rate = value.trim() === "" ? Number.NaN : Number(value);
  if (!(rate >= 0.1 && rate <= MOST_PER_SECOND))
    throw new InvalidArgumentError(`Use a number from 0.1 to ${MOST_PER_SECOND}`);
  return rate;
}

function parseSurveyFormat(value: string): SurveyFormat {
  const format = SURVEY_FORMATS.find((each) => each === value);
  if (format === undefined)
    throw new InvalidArgumentError(`This command knows ${SURVEY_FORMATS.join(", ")}`);
  return format;
}

/** The command `survey`: what a server offers, and which clients could connect. */
export function surveyCommand(): Command {
  return addRouteOptions(surveyAlone()).addHelpText(
    "after",
    `
Every address of a target is asked, at a pace that spares old appliances. The
result is compared with Mozilla's guideline for servers.

Example:
  anchorwatch survey ldaps://imcs.example.com:20411`,
  );
}

function surveyAlone(): Command {
  return new Command("survey")
    .description(
      "Find out what a server offers: versions, cipher suites, groups, signature schemes, certificates, and which clients could connect",
    )
    .argument("[target...]", "host, host:port, [v6]:port or a URL such as ldaps://host:636")
    .option("--servername <name>", "server name to send instead of the host", parseServerName)
    .option("--connect <address>", "HOST[:PORT] to dial instead of the target's")
    .option("--timeout <seconds>", "for one conversation (default: 10)", parseTimeout)
    .option(
      "--concurrency <count>",
      "connections at once to an address (default: 4)",
      parseConcurrency,
    )
    .option("--rate <count>", "connections in a second to an address (default: 20)", parseRate)
    .option("--format <format>", `${SURVEY_FORMATS.join(", ")} (default: text)`, parseSurveyFormat)
    .action(async (targets: readonly string[], given: Partial<SurveyOptions>) => {
      if (targets.length === 0) throw new UsageError("No target: name one, such as host:443");
      checkRouteOptions(given);
      const options = {
        timeout: 10_000,
        concurrency: 4,
        rate: 20,
        format: "text",
        ...given,
      } as const;
      const { runSurvey } = await import("./run-survey.ts");
      process.exitCode = await runSurvey(targets, options);
    });
}
