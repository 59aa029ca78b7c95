import { Command, InvalidArgumentError, Option } from "commander";
import { parseInstant } from "./instant.ts";

/** What somebody is to be let in as. */
export interface TokenOptions {
  readonly name: string;
  readonly role: "read" | "operate";
  /** Milliseconds since 1970. */
  readonly expires?: number;
  readonly stdin?: boolean;
  readonly format: "text" | "json";
}

/** The command `token`: makes what somebody shows to the daemon, of which the estate keeps only the hash. */
export function tokenCommand(): Command {
  return new Command("token")
    .description("Make a token for the daemon's page and API, and the entry for the estate")
    .option("--name <name>", "who it is for, as the log will name it", parseName, "somebody")
    .addOption(
      new Option("--role <role>", "what it is good for")
        .choices(["read", "operate"])
        .default("read"),
    )
    .option("--expires <time>", "when it ends, e.g. 2027-06-30T00:00:00Z", parseTime)
    .option("--stdin", "take a token from standard input instead of making one")
    .addOption(
      new Option("--format <format>", "form of the output")
        .choices(["text", "json"])
        .default("text"),
    )
    .addHelpText(
      "after",
      `
The token is shown this once. The estate keeps its SHA-256, from which it cannot be found.

Example:
  anchorwatch token --name prometheus --role read`,
    )
    .action(async (options: TokenOptions) => {
      const { runToken } = await import("./run-token.ts");
      await runToken(options);
    });
}

function parseName(text: string): string {
  if (!/^[\w.-]{1,64}$/.test(text))
    throw new InvalidArgumentError("Expected letters, digits, '.', '_' and '-', at most 64.");
  return text;
}

function parseTime(text: string): number {
  const time = parseInstant(text);
  if (time === null)
    throw new InvalidArgumentError("Expected an RFC 3339 time such as 2027-06-30T00:00:00Z.");
  return time;
}
