import { spawn } from "node:child_process";
import { cleanEnvironment } from "../set-up/run.ts";

/** How a script is run. */
export interface ShellOptions {
  readonly cwd: string;
  /** Added to the environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** What is typed. */
  readonly input?: string;
}

/**
 * Runs a script in a shell without blocking, so that a server of this process can answer it, and without the terminal
 * from which the tests may have been started: what asks for a password reads its input.
 */
export function runQuietly(
  script: string,
  { cwd, env = {}, input = "" }: ShellOptions,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly output: string }> {
  const child = spawn("/bin/sh", ["-c", script], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    stdio: "pipe",
    detached: true,
  });
  const stdout: Buffer[] = [];
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => {
    stdout.push(chunk);
    output.push(chunk);
  });
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString("utf8");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout: text(stdout), output: text(output) }));
  });
}
