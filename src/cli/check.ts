import { Command } from "commander";
import {
  CHECK_FORMATS,
  parseCheckFormat,
  parseConcurrency,
  parseFile,
  parseNameCheck,
  parseProfiles,
  parseServerName,
  parseTime,
  parseTimeout,
  parseTruststores,
  PASSWORD_SPEC,
} from "./common-options.ts";
import {
  addIdentityOptions,
  checkIdentityOptions,
  type IdentityOptions,
} from "./identity-options.ts";
import { parseHello } from "./hello-option.ts";
import { addRequestOptions, type RequestOptions, requestOf } from "./request-options.ts";
import { addFetchOption, addListOption, type RevocationOptions } from "./revocation-options.ts";
import { addIssuerOption, type IssuerOptions } from "./issuer-options.ts";
import { addStartedOption, type StartedOption } from "./started-option.ts";
import { addSystemOptions, type SystemOptions } from "./system-options.ts";
import { addRouteOptions, checkRouteOptions, type RouteOptions } from "./route-options.ts";
import { UsageError } from "./usage-error.ts";

/** Options of `check` as commander hands them over. */
export interface CheckOptions
  extends
    IdentityOptions,
    RouteOptions,
    RequestOptions,
    RevocationOptions,
    IssuerOptions,
    StartedOption,
    SystemOptions {
  readonly as?: ReturnType<typeof parseProfiles>;
  readonly truststore?: readonly string[];
  readonly truststorePassword?: string;
  readonly servername?: string;
  readonly connect?: string;
  readonly hello?: string;
  readonly nameCheck?: ReturnType<typeof parseNameCheck>;
  readonly at?: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly targets?: string;
  readonly concurrency: number;
  readonly client?: string;
  readonly estate?: string;
  readonly save?: string;
  /** Whether a failure is explained by further conversations. @default true */
  readonly investigate?: boolean;
  readonly format: ReturnType<typeof parseCheckFormat>;
}

/** The command `check`: handshake, verdict and findings for targets. */
export function checkCommand(): Command {
  const command = new Command("check")
    .description(
      "Make a TLS handshake with each target and judge what it sends, as each client would",
    )
    .argument("[target...]", "host, host:port, [v6]:port or a URL such as ldaps://host:636")
    .option("--as <profile>", "client profile to judge as (repeatable)", parseProfiles)
    .option(
      "--truststore <file>",
      "truststore of the client (repeatable; files joined by commas are one store)",
      parseTruststores,
    )
    .option("--truststore-password <spec>", PASSWORD_SPEC);
  addIdentityOptions(command)
    .option(
      "--servername <name>",
      "server name to send and to check instead of the host",
      parseServerName,
    )
    .option("--connect <address>", "HOST[:PORT] to dial instead of the target's")
    .option(
      "--hello <profile>",
      "client whose hello to send, or wide; without it, wide and what else it takes",
      parseHello,
    );
  addRouteOptions(command);
  addStartedOption(command);
  addSystemOptions(command);
  addIssuerOption(addFetchOption(addListOption(command)));
  return addRequestOptions(command)
    .option(
      "--name-check <rule>",
      "how the client compares the name: https, ldaps or none (default: https)",
      parseNameCheck,
    )
    .option("--at <time>", "judge as of this time (RFC 3339; default: now)", parseTime)
    .option(
      "--no-investigate",
      "make no further conversations that find out why a handshake, a name or a chain failed",
    )
    .option("--timeout <seconds>", "for one handshake (default: 10)", parseTimeout)
    .option("--targets <file>", "read one target a line, - for standard input", parseFile)
    .option("--concurrency <count>", "targets at the same time", parseConcurrency, 16)
    .option("--client <name>", "judge as this client of the estate")
    .option("--estate <file>", "estate file for --client (default: anchorwatch.yaml)", parseFile)
    .option(
      "--save <file>",
      "write each handshake as one line of JSON, for judge --handshake",
      parseFile,
    )
    .option("--format <format>", `${CHECK_FORMATS.join(", ")} (default: text)`, parseCheckFormat)
    .addHelpText(
      "after",
      `
Without --truststore the operating system's store is used; without --as the
profile that fits the store's format (openjdk-21 for Java stores, openssl-3
otherwise).

Example:
  anchorwatch check ldaps://imcs.example.com:20411 --truststore cacerts --as openjdk-17`,
    )
    .action(async (targets: readonly string[], given: Partial<CheckOptions>) => {
      const options = { timeout: 10_000, concurrency: 16, format: "text", ...given } as const;
      if (targets.length === 0 && options.targets === undefined)
        throw new UsageError("No target: name one, such as host:443, or use --targets FILE");
      checkCombination(options);
      const { runCheck } = await import("./run-check.ts");
      process.exitCode = await runCheck(targets, options);
    });
}

/** Refuses options that would have no effect. @throws {UsageError} */
function checkCombination(options: CheckOptions): void {
  checkIdentityOptions(options);
  checkRouteOptions(options);
  requestOf(options);
  if (options.truststorePassword !== undefined && options.truststore === undefined)
    throw new UsageError("--truststore-password is the password of --truststore, which is missing");
  if (options.client === undefined) {
    if (options.estate !== undefined)
      throw new UsageError("--estate is the estate of --client NAME, which is missing");
    return;
  }
  const { as, truststore, nameCheck, system } = options;
  if (system !== undefined)
    throw new UsageError("--client takes the system from the estate; leave out --system");
  if (as !== undefined || truststore !== undefined || nameCheck !== undefined)
    throw new UsageError(
      "--client takes profile, truststores and name check from the estate; leave out --as, --truststore and --name-check",
    );
}
