import { SHARE_ENV, Worker } from "node:worker_threads";
import t from "tap";
import type { CommandOutcome } from "../../cli/command.ts";

/** What the thread answers. */
export type ThreadAnswer = Pick<CommandOutcome, "code" | "stdout" | "stderr">;

let thread: Worker | undefined;
let last: Promise<unknown> = Promise.resolve();

function startThread(): Worker {
  const worker = new Worker(new URL("check-worker.ts", import.meta.url), { env: SHARE_ENV });
  worker.setMaxListeners(0);
  t.teardown(() => worker.terminate());
  return worker;
}

/** Runs the whole program in a thread, one command after another: the same output without the cost of a start. */
export function runCommand(args: readonly string[]): Promise<ThreadAnswer> {
  thread ??= startThread();
  const worker = thread;
  const answer = last.then(
    () =>
      new Promise<ThreadAnswer>((resolve, reject) => {
        const end = (settle: () => void): void => {
          worker.off("error", onError);
          worker.off("message", onMessage);
          settle();
        };
        const onError = (error: unknown): void => end(() => reject(error));
        const onMessage = (message: ThreadAnswer): void => end(() => resolve(message));
        worker.on("error", onError);
        worker.on("message", onMessage);
        worker.postMessage(args);
      }),
  );
  last = answer.catch(() => undefined);
  return answer;
}
