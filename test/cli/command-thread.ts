import { SHARE_ENV, Worker } from "node:worker_threads";
import t from "tap";
import type { CommandOutcome } from "./command.ts";

let thread: Worker | undefined;
let last: Promise<unknown> = Promise.resolve();

function startThread(): Worker {
  const worker = new Worker(new URL("command-worker.ts", import.meta.url), { env: SHARE_ENV });
  worker.setMaxListeners(0);
  t.teardown(() => worker.terminate());
  return worker;
}

/** Runs the whole program in a thread, one command after another: the same output without the cost of a start. */
export function runCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<CommandOutcome> {
  thread ??= startThread();
  const worker = thread;
  const answer = last.then(
    () =>
      new Promise<CommandOutcome>((resolve, reject) => {
        const end = (settle: () => void): void => {
          worker.off("error", onError);
          worker.off("message", onMessage);
          settle();
        };
        const onError = (error: unknown): void => end(() => reject(error));
        const onMessage = (message: CommandOutcome): void => end(() => resolve(message));
        worker.on("error", onError);
        worker.on("message", onMessage);
        worker.postMessage({ args, env });
      }),
  );
  last = answer.catch(() => undefined);
  return answer;
}
