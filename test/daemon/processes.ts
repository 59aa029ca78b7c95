import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Test } from "tap";

/**
 * A script of this folder in a process of its own, killed with the test, and what it has said so far. `/usr/bin/env`
 * takes the test runner's loader away, which ends a process upon signals that Node.js ignores.
 */
export const startScript = (
  t: Test,
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
} => {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn("/usr/bin/env", ["-u", "NODE_OPTIONS", process.execPath, path, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  const ended = once(child, "close").then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as string | null,
  }));
  t.teardown(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return { child, output: () => output, errors: () => errors, ended };
};
