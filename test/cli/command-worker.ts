import { parentPort } from "node:worker_threads";
import { runProgram } from "../../src/cli/run-program.ts";
import type { CommandOutcome } from "./command.ts";

/** What is written to a stream of this thread, instead of being passed on. */
function capture(stream: NodeJS.WriteStream): () => string {
  let chunks: Buffer[] = [];
  stream.write = (chunk: string | Uint8Array): boolean => {
    chunks.push(Buffer.from(chunk));
    return true;
  };
  return () => {
    const taken = Buffer.concat(chunks).toString("utf8");
    chunks = [];
    return taken;
  };
}

const stdout = capture(process.stdout);
const stderr = capture(process.stderr);

/** One run of the program. */
interface Run {
  readonly args: readonly string[];
  /** Added to the environment while it runs. */
  readonly env: NodeJS.ProcessEnv;
}

parentPort?.on("message", ({ args, env }: Run) => {
  void (async () => {
    const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, env);
    const code = await runProgram(args);
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    const outcome: CommandOutcome = { code, signal: null, stdout: stdout(), stderr: stderr() };
    parentPort?.postMessage(outcome);
  })();
});
