import { Command, Option } from "commander";
import { parseFile } from "./common-options.ts";
import { stopSignal } from "./stop-signal.ts";
import { UsageError } from "./usage-error.ts";

const LEVELS = ["debug", "info", "warn", "error"] as const;

interface DaemonCommandOptions {
  readonly estate: string;
  readonly listen?: string;
  readonly logLevel: (typeof LEVELS)[number];
}

/** The command `daemon`: watches an estate until it is stopped. */
export function daemonCommand(): Command {
  return new Command("daemon")
    .description("Watch an estate: scheduler, history, metrics, API and live page")
    .option("--estate <file>", "estate file", parseFile, "anchorwatch.yaml")
    .option("--listen <address>", "HOST:PORT to listen on instead of the estate's http.listen")
    .addOption(
      new Option("--log-level <level>", "least grave lines of the log")
        .choices(LEVELS)
        .default("info"),
    )
    .action(async ({ estate, listen, logLevel }: DaemonCommandOptions) => {
      const { watch } = await import("./watch.ts");
      const failure = await watch({
        estateFile: estate,
        listen: listen ?? null,
        stopped: stopSignal(),
        logLevel,
      });
      if (failure !== null) throw new UsageError(failure);
    });
}
