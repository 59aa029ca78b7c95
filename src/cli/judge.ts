import { Command } from "commander";
import {
  CHECK_FORMATS,
  parseCheckFormat,
  parseFile,
  parseNameCheck,
  parseProfiles,
  parseTime,
  parseTruststores,
  PASSWORD_SPEC,
} from "./common-options.ts";
import { addListOption, type RevocationOptions } from "./revocation-options.ts";
import { addSystemOptions, type SystemOptions } from "./system-options.ts";
import { UsageError } from "./usage-error.ts";

/** Options of `judge` as commander hands them over. */
export interface JudgeOptions extends Pick<RevocationOptions, "crl">, SystemOptions {
  readonly batch?: boolean;
  readonly handshake?: string;
  readonly as?: ReturnType<typeof parseProfiles>;
  readonly truststore?: readonly string[];
  readonly truststorePassword?: string;
  readonly nameCheck?: ReturnType<typeof parseNameCheck>;
  readonly at?: number;
  readonly format?: ReturnType<typeof parseCheckFormat>;
}

/** The command `judge`: verdicts without network. */
export function judgeCommand(): Command {
  const command = new Command("judge")
    .description("Judge chains offline: a batch of cases, or a handshake saved by check --save")
    .option("--batch", "read NDJSON cases from standard input, write one verdict a line")
    .option("--handshake <file>", "judge the handshakes that check --save wrote", parseFile)
    .option("--as <profile>", "client profile to judge as (repeatable)", parseProfiles)
    .option(
      "--truststore <file>",
      "truststore of the client (repeatable; files joined by commas are one store)",
      parseTruststores,
    )
    .option("--truststore-password <spec>", PASSWORD_SPEC)
    .option(
      "--name-check <rule>",
      "how the client compares the name: https, ldaps or none (default: https)",
      parseNameCheck,
    )
    .option("--at <time>", "judge as of this time (RFC 3339; default: now)", parseTime);
  return addSystemOptions(addListOption(command))
    .option("--format <format>", `${CHECK_FORMATS.join(", ")} (default: text)`, parseCheckFormat)
    .addHelpText(
      "after",
      `
A case of --batch is one line of JSON, and so is its verdict:
  {"id":"1","chain":["PEM or base64 DER, leaf first"],"anchors":["..."],
   "host":"name","at":"2027-01-01T00:00:00Z","profile":"openjdk-17"}
Without "profile" it is judged as strict: RFC 5280 and the web PKI rules.

Example:
  anchorwatch judge --handshake saved.ndjson --truststore new-trust.p12 --as openjdk-21`,
    )
    .action(async (options: JudgeOptions) => {
      if (options.batch === true) await batch(options);
      else process.exitCode = await handshake(options);
    });
}

/** Options that a case of a batch states itself. */
const IDLE_WITH_BATCH = {
  as: "--as",
  truststore: "--truststore",
  truststorePassword: "--truststore-password",
  nameCheck: "--name-check",
  at: "--at",
  crl: "--crl",
  system: "--system",
  serverSystem: "--server-system",
  extract: "--extract",
} as const satisfies Partial<Record<keyof JudgeOptions, string>>;

async function batch({ handshake: file, format, ...others }: JudgeOptions): Promise<void> {
  if (file !== undefined) throw new UsageError("Use either --batch or --handshake");
  for (const [name, option] of Object.entries(IDLE_WITH_BATCH))
    if (name in others)
      throw new UsageError(`${option} has no effect with --batch: each case says it itself`);
  if (format !== undefined && format !== "ndjson")
    throw new UsageError("--batch writes NDJSON; leave out --format");
  const { judgeBatch } = await import("./judge-batch.ts");
  await judgeBatch(process.stdin, process.stdout, Date.now);
}

async function handshake(options: JudgeOptions): Promise<number> {
  if (options.handshake === undefined)
    throw new UsageError(
      "Nothing to judge: use --batch with cases on standard input, or --handshake FILE",
    );
  if (options.truststorePassword !== undefined && options.truststore === undefined)
    throw new UsageError("--truststore-password is the password of --truststore, which is missing");
  const { judgeHandshake } = await import("./judge-handshake.ts");
  return judgeHandshake(options.handshake, options);
}
