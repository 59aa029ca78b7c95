import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { cleanEnvironment, launcher, repository } from "../set-up/run.ts";
import { runCommand } from "./command-thread.ts";

/** How the command is run. */
export interface CommandOptions {
  /** What stands on its standard input. */
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Whether it runs without the terminal from which the tests may have been started. */
  readonly withoutTerminal?: boolean;
}

/** What the command printed and how it ended. */
export interface CommandOutcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the real command with standard input open. */
export function startCommand(
  args: readonly string[],
  { cwd = repository, env = {}, withoutTerminal = false }: Omit<CommandOptions, "input"> = {},
): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    stdio: "pipe",
    detached: withoutTerminal,
  });
  // a command that ends early leaves what was meant for it
  child.stdin.on("error", () => child.stdin.destroy());
  return child;
}

/** Everything that a started command prints until it ends. */
export function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<CommandOutcome> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve({
        code,
        signal,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
      }),
    );
  });
}

/**
 * Runs the real command to its end: in a process where folder, input or terminal matter, else in a thread that has the
 * program loaded, which prints and answers the same without the cost of a start.
 */
export function anchorwatch(
  args: readonly string[],
  { input, ...surroundings }: CommandOptions = {},
): Promise<CommandOutcome> {
  const { cwd, withoutTerminal, env = {} } = surroundings;
  if (input === undefined && cwd === undefined && withoutTerminal !== true)
    return runCommand(args, env);
  const child = startCommand(args, surroundings);
  const outcome = outcomeOf(child);
  child.stdin.end(input ?? "");
  return outcome;
}

/** The lines of an output, without the empty one at its end. */
export function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
