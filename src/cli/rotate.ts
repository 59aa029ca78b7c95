import { Command } from "commander";
import { parseFile, parseTime } from "./common-options.ts";
import { addEstateOption, addSourceOptions } from "./estate-option.ts";
import { UsageError } from "./usage-error.ts";

/** Options of `rotate` as commander hands them over. */
export interface RotateOptions {
  readonly ca?: string;
  readonly to?: string;
  readonly serves?: readonly string[];
  readonly key?: readonly string[];
  readonly estate?: string;
  readonly offline?: true;
  readonly handshakes?: string;
  readonly at?: number;
  readonly out?: string;
}

const repeated = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

/** The command `rotate`: a change plan for replacing a CA or a server's certificate. */
export function rotateCommand(): Command {
  const command = new Command("rotate")
    .description(
      "Propose the change plan that replaces a CA or a server's certificate without breaking a link",
    )
    .argument("[endpoint]", "endpoint of the estate that gets a new certificate")
    .option("--ca <ca>", "CA that goes: certificate file, SHA-256 fingerprint or alias in a store")
    .option("--to <file>", "CA that comes: what clients are to trust", parseFile)
    .option(
      "--serves <[endpoint=]file>",
      "chain that the endpoint will send, leaf first (repeatable)",
      repeated,
    )
    .option("--key <[endpoint=]file>", "private key of that chain, to be compared", repeated);
  addSourceOptions(addEstateOption(command));
  return command
    .option("--at <time>", "judge as of this time instead of now (RFC 3339)", parseTime)
    .option("--out <file>", "write the plan there, and print what it comes to", parseFile)
    .addHelpText(
      "after",
      `
Stores get the new CA first, then endpoints change, then what nobody needs any
more is removed. What cannot be removed yet stays, and the plan says for whom.
The plan goes to standard output; 'anchorwatch whatif PLAN' judges it.

Exit code 2 when no plan without broken links was found.

Examples:
  anchorwatch rotate bpm-east --serves new-chain.pem --key new-key.pem
  anchorwatch rotate --ca corp-root-g1.cer --to corp-root-g2.cer \\
    --serves bpm-east=east.pem --serves bpm-west=west.pem --out plan.yaml`,
    )
    .action(async (endpoint: string | undefined, options: RotateOptions) => {
      if (options.offline === true && options.handshakes !== undefined)
        throw new UsageError("Use either --offline or --handshakes");
      const { runRotate } = await import("./run-rotate.ts");
      process.exitCode = await runRotate(endpoint ?? null, options);
    });
}
