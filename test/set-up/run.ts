import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the repository, without a slash at the end. */
export const repository = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/u, "");

/** The launcher of the checkout. */
export const launcher = join(repository, "bin", "anchorwatch.mjs");

/**
 * The test runner adds options to every Node.js that a test starts, whatever environment the test gives it, and
 * its loader breaks the compiler. `/usr/bin/env` takes them away again and becomes the program.
 */
const undisturbed = (command: string, args: readonly string[]): readonly [string, string[]] => [
  "/usr/bin/env",
  ["-u", "NODE_OPTIONS", "-u", "NODE_V8_COVERAGE", command, ...args],
];

/** What a program did that ran to its end. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** This process's environment without what the test runner put there, which would reach nested runs. */
export const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:_?TAP|NODE_OPTIONS$|NODE_V8_COVERAGE$|npm_|CI$)/iu.test(name),
    ),
  );

/** Runs a program to its end. */
export const run = (
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Ended => {
  const { cwd = repository, env = cleanEnvironment() } = options;
  const ended = spawnSync(...undisturbed(command, args), { cwd, env, encoding: "utf8" });
  if (ended.error !== undefined) throw ended.error;
  return { code: ended.status, signal: ended.signal, stdout: ended.stdout, stderr: ended.stderr };
};

/** A program that goes on running until it is told to stop. */
export interface Running {
  readonly pid: number;
  /** Resolves with everything printed so far, as soon as that matches. Rejects when the program ends before. */
  printed(pattern: RegExp): Promise<string>;
  readonly ended: Promise<Ended>;
}

/** Starts a program, at the head of a process group of its own where `group` asks for it. */
export const start = (
  command: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly group?: boolean;
  } = {},
): Running => {
  const { cwd = repository, env = cleanEnvironment(), group = false } = options;
  const child = spawn(...undisturbed(command, args), {
    cwd,
    env,
    detached: group,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((done, fail) => {
    child.on("error", fail);
    child.on("close", (code, signal) => {
      done({ code, signal, stdout, stderr });
    });
  });
  const printed = async (pattern: RegExp): Promise<string> =>
    new Promise((done, fail) => {
      const look = (): void => {
        if (pattern.test(stdout)) done(stdout);
      };
      child.stdout.on("data", look);
      child.on("close", () => {
        fail(new Error(`Ended before it printed ${String(pattern)}: ${stdout}${stderr}`));
      });
      look();
    });
  if (child.pid === undefined) throw new Error(`${command} did not start`);
  return { pid: child.pid, printed, ended };
};

/** Whether a process still exists. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
