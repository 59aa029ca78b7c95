import { complain, EXIT_UNCHECKED, report, runProgram } from "./run-program.ts";

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

// the runtime's own exit code for such a fault is 1, which means that there are only warnings
process.on("uncaughtException", (error) => {
  process.exit(report(error));
});

process.exitCode = await runProgram(process.argv.slice(2));
