import { Command } from "commander";
import {
  collect,
  parseFormat,
  parseNameCheck,
  parseProfiles,
  parseTime,
} from "./common-options.ts";
import { UsageError } from "./usage-error.ts";

/** The command `judge`: verdicts without network. */
export function judgeCommand(): Command {
  return new Command("judge")
    .description("Judge chains offline: a batch of cases, or a handshake saved by check --save")
    .option("--batch", "read NDJSON cases from standard input, write one verdict a line")
    .option("--handshake <file>", "judge a handshake that check --save wrote")
    .option("--as <profile>", "client profile (repeatable)", parseProfiles)
    .option(
      "--truststore <file>",
      "truststore (repeatable; files joined by commas are one store)",
      collect,
    )
    .option("--truststore-password <spec>", "env:NAME, file:PATH, stash:PATH or prompt")
    .option("--name-check <rule>", "https, ldaps or none", parseNameCheck)
    .option("--at <time>", "judge as of this time (RFC 3339)", parseTime)
    .option("--format <format>", "text, json or ndjson", parseFormat, "text")
    .addHelpText(
      "after",
      `
A case of --batch:
  {"id":"1","chain":["PEM or base64 DER, leaf first"],"anchors":["..."],"host":"name","at":"2027-01-01T00:00:00Z","profile":"openjdk-17"}
without "profile" it is judged as strict (RFC 5280 and the web PKI rules).`,
    )
    .action(async (options: JudgeOptions) => {
      if (options.batch === true && options.handshake !== undefined)
        throw new UsageError("Use either --batch or --handshake");
      if (options.batch === true) {
        const { judgeBatch } = await import("./judge-batch.ts");
        await judgeBatch(process.stdin, process.stdout, Date.now);
        return;
      }
      if (options.handshake === undefined)
        throw new UsageError(
          "Nothing to judge: use --batch with cases on standard input, or --handshake FILE",
        );
      const { judgeHandshake } = await import("./judge-handshake.ts");
      process.exitCode = await judgeHandshake(options.handshake, options);
    });
}

/** Options of `judge` as commander hands them over. */
export interface JudgeOptions {
  readonly batch?: boolean;
  readonly handshake?: string;
  readonly as?: ReturnType<typeof parseProfiles>;
  readonly truststore?: readonly string[];
  readonly truststorePassword?: string;
  readonly nameCheck?: ReturnType<typeof parseNameCheck>;
  readonly at?: number;
  readonly format: ReturnType<typeof parseFormat>;
}
