import { parentPort } from "node:worker_threads";
import { program } from "../../../src/cli/program.ts";
import type { ThreadAnswer } from "./check-thread.ts";

/** What is written to a stream of this thread, instead of being passed on. */
function capture(stream: NodeJS.WriteStream): () => string {
  let text = "";
  stream.write = (chunk: string | Uint8Array): boolean => {
    text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  return () => {
    const taken = text;
    text = "";
    return taken;
  };
}

const stdout = capture(process.stdout);
const stderr = capture(process.stderr);

parentPort?.on("message", (args: readonly string[]) => {
  void (async () => {
    process.exitCode = 0;
    let fault = "";
    try {
      await program().parseAsync(["node", "anchorwatch", ...args]);
    } catch (error) {
      fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.exitCode = 64;
    }
    const answer: ThreadAnswer = {
      code: Number(process.exitCode),
      stdout: stdout(),
      stderr: `${stderr()}${fault}`,
    };
    process.exitCode = 0;
    parentPort?.postMessage(answer);
  })();
});
