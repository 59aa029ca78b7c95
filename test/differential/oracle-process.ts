import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A program that answers questions line by line, in order. */
export interface OracleProcess {
  /** First line that it printed: who it is. */
  readonly banner: string;
  readonly ask: (line: string) => Promise<string>;
  /** Ends the program and waits for its end. */
  readonly close: () => Promise<void>;
}

/** Starts such a program and waits for its first line. @throws {Error} when it ends without one */
export async function startOracle(
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<OracleProcess> {
  const child: ChildProcess = spawn(program, parameters, {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, TZ: "UTC", LC_ALL: "C.UTF-8", ...environment },
  });
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error("No pipes");
  let complaints = "";
  stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints = `${complaints}${text}`.slice(-4000);
  });
  const waiting: {
    readonly resolve: (line: string) => void;
    readonly reject: (e: Error) => void;
  }[] = [];
  const expect = async (): Promise<string> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
    });
  const ended = once(child, "close");
  createInterface({ input: stdout }).on("line", (line) => waiting.shift()?.resolve(line));
  child.on("close", (code) => {
    for (const { reject } of waiting.splice(0))
      reject(new Error(`${program} ended with ${code}: ${complaints}`));
  });
  const banner = await expect();
  return {
    banner,
    ask: async (line) => {
      stdin.write(`${line}\n`);
      return expect();
    },
    close: async () => {
      stdin.end();
      await ended;
    },
  };
}
