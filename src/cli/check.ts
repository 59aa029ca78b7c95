import { Command, Option } from "commander";
import {
  collect,
  parseConcurrency,
  parseFormat,
  parseNameCheck,
  parseProfiles,
  parseTime,
  parseTimeout,
} from "./common-options.ts";
import { UsageError } from "./usage-error.ts";

/** Options of `check` as commander hands them over. */
export interface CheckOptions {
  readonly as?: ReturnType<typeof parseProfiles>;
  readonly truststore?: readonly string[];
  readonly truststorePassword?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly keyPassword?: string;
  readonly servername?: string;
  readonly connect?: string;
  readonly nameCheck?: ReturnType<typeof parseNameCheck>;
  readonly at?: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly targets?: string;
  readonly concurrency: number;
  readonly client?: string;
  readonly estate?: string;
  readonly save?: string;
  readonly format: ReturnType<typeof parseFormat>;
}

/** The command `check`: handshake, verdict and findings for targets. */
export function checkCommand(): Command {
  return new Command("check")
    .description(
      "Make a TLS handshake with each target and judge what it sends, as each client would",
    )
    .argument("[target...]", "host, host:port, [v6]:port or a URL such as ldaps://host:636")
    .option("--as <profile>", "client profile to judge as (repeatable)", parseProfiles)
    .option(
      "--truststore <file>",
      "truststore of the client (repeatable; files joined by commas are one store)",
      collect,
    )
    .option("--truststore-password <spec>", "env:NAME, file:PATH, stash:PATH or prompt")
    .option("--cert <file>", "client certificate, PEM, with its chain")
    .option("--key <file>", "key of the client certificate, PEM")
    .option("--key-password <spec>", "env:NAME, file:PATH, stash:PATH or prompt")
    .option("--servername <name>", "server name to send and to check instead of the host")
    .option("--connect <address>", "HOST[:PORT] to dial instead of the target's")
    .option("--name-check <rule>", "https, ldaps or none", parseNameCheck)
    .option("--at <time>", "judge as of this time (RFC 3339)", parseTime)
    .addOption(
      new Option("--timeout <seconds>", "for one handshake")
        .argParser(parseTimeout)
        .default(10_000, "10"),
    )
    .option("--targets <file>", "read one target a line, - for standard input")
    .option("--concurrency <count>", "handshakes at the same time", parseConcurrency, 16)
    .option("--client <name>", "judge as this client of the estate")
    .option("--estate <file>", "estate file for --client (default: anchorwatch.yaml)")
    .option("--save <file>", "write each handshake as one line of JSON, for judge --handshake")
    .option("--format <format>", "text, json or ndjson", parseFormat, "text")
    .addHelpText(
      "after",
      `
Without --truststore the operating system's store is used; without --as the profile that fits the store's format
(openjdk-21 for Java stores, openssl-3 otherwise).

Example:
  anchorwatch check ldaps://imcs.example.com:20411 --truststore cacerts --as openjdk-17`,
    )
    .action(async (targets: readonly string[], options: CheckOptions) => {
      if (targets.length === 0 && options.targets === undefined)
        throw new UsageError("No target: name one, such as host:443, or use --targets FILE");
      if ((options.cert === undefined) !== (options.key === undefined))
        throw new UsageError("--cert and --key belong together");
      if (
        options.client !== undefined &&
        (options.as !== undefined || options.truststore !== undefined)
      )
        throw new UsageError(
          "--client takes profile and truststores from the estate; leave out --as and --truststore",
        );
      const { runCheck } = await import("./run-check.ts");
      process.exitCode = await runCheck(targets, options);
    });
}
