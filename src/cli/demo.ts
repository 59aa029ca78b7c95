import { Command } from "commander";
import { stopSignal } from "./stop-signal.ts";
import { UsageError } from "./usage-error.ts";

/** The command `demo`: an estate of local servers with typical faults, and the daemon watching it. */
export function demoCommand(): Command {
  return new Command("demo")
    .description("Start a demonstration estate of local servers with typical faults, and watch it")
    .option("--listen <address>", "HOST:PORT of the live page", "127.0.0.1:9643")
    .action(async ({ listen }: { readonly listen: string }) => {
      const [{ startDemo }, { watch }] = await Promise.all([
        import("./demo/demo.ts"),
        import("./watch.ts"),
      ]);
      const stopped = stopSignal();
      const demo = await startDemo({ listen }).catch((error: unknown) => {
        if (!(error instanceof Error) || !("code" in error)) throw error;
        throw new UsageError(`The demo cannot start: ${error.message}`);
      });
      try {
        const failure = await watch({ estateFile: demo.estateFile, listen, stopped });
        if (failure !== null) throw new UsageError(failure);
      } finally {
        await demo.close();
      }
    });
}
