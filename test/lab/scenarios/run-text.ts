import { spawn } from "node:child_process";

/** Runs a program with an empty standard input; everything that it printed, whatever its exit code. */
export function runText(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString("utf8");
      });
    child.on("error", reject);
    child.on("close", () => resolve(output));
    child.stdin.on("error", () => undefined);
    child.stdin.end();
  });
}
