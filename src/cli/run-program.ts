import { CommanderError } from "commander";
import { linesOnScreen } from "../report/on-screen.ts";
import { InputError } from "./input-error.ts";
import { program } from "./program.ts";
import { UsageError } from "./usage-error.ts";

/** Exit code where nothing could be checked. */
export const EXIT_UNCHECKED = 3;

const EXIT_USAGE = 64;

/**
 * Runs the program and resolves to its exit code. What is wrong with the arguments or with what they name is on
 * standard error.
 * @param args without the names of the runtime and of the program
 */
export async function runProgram(args: readonly string[]): Promise<number> {
  process.exitCode = 0;
  try {
    await program().parseAsync(args, { from: "user" });
  } catch (error) {
    return report(error);
  }
  return Number(process.exitCode);
}

/** Says on standard error what went wrong. */
export function complain(message: string): void {
  const text = message.includes("\n")
    ? `anchorwatch: ${message.split("\n").length} mistakes\n${message}`
    : `anchorwatch: ${message}`;
  process.stderr.write(`${linesOnScreen(text)}\n`);
}

/** What went wrong, on standard error, and the exit code for it. */
export function report(error: unknown): number {
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
