import { CommanderError } from "commander";
import { linesOnScreen } from "../report/on-screen.ts";
import { InputError } from "./input-error.ts";
import { program } from "./program.ts";
import { UsageError } from "./usage-error.ts";

const EXIT_UNCHECKED = 3;
const EXIT_USAGE = 64;

/** A reader that closes its end of a pipe ends the program quietly, as it does other Unix tools. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  complain(`Standard output cannot be written (${error.code ?? error.message})`);
  process.exit(EXIT_UNCHECKED);
});

/** Complaints and logs that nobody reads any more are no reason to end: the daemon goes on watching. */
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

function complain(message: string): void {
  const text = message.includes("\n")
    ? `anchorwatch: ${message.split("\n").length} mistakes\n${message}`
    : `anchorwatch: ${message}`;
  process.stderr.write(`${linesOnScreen(text)}\n`);
}

/** What went wrong, on standard error, and the exit code for it. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof UsageError) {
    complain(error.message);
    return EXIT_USAGE;
  }
  if (error instanceof InputError) complain(error.message);
  else {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    complain("A fault in Anchorwatch itself ended it; please report it with what follows");
    process.stderr.write(`${linesOnScreen(trace)}\n`);
  }
  return EXIT_UNCHECKED;
}

// the runtime's own exit code for such a fault is 1, which means that there are only warnings
process.on("uncaughtException", (error) => {
  process.exit(report(error));
});

try {
  await program().parseAsync(process.argv);
} catch (error) {
  process.exitCode = report(error);
}
