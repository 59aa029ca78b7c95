import { Worker } from "node:worker_threads";
import type { Pkcs12KdfInput } from "./pkcs12-kdf-steps.ts";

/** What is sent to the thread. */
export interface KdfRequest {
  readonly id: number;
  readonly input: Pkcs12KdfInput;
}

/** What comes back. */
export interface KdfReply {
  readonly id: number;
  readonly derived: Uint8Array;
}

interface Waiting {
  readonly resolve: (derived: Uint8Array) => void;
  readonly reject: (reason: unknown) => void;
}

/** How long a thread without work is kept, in milliseconds; the next file of the same truststore wants it again. */
const IDLE_TIME = 2_000;

/** One running thread, and the derivations that it owes. */
interface KdfThread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  idle: NodeJS.Timeout | undefined;
}

let running: KdfThread | undefined;
let requests = 0;

/** Derives octets of PKCS#12 in a thread that all callers share. Rejects when it cannot be started or dies. */
export function deriveInThread(input: Pkcs12KdfInput): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const thread = (running ??= startThread());
    clearTimeout(thread.idle);
    const id = ++requests;
    thread.waiting.set(id, { resolve, reject });
    // A process must not end while someone waits for a result.
    thread.worker.ref();
    thread.worker.postMessage({ id, input } satisfies KdfRequest);
  });
}

function startThread(): KdfThread {
  // The sources are TypeScript, the built package is JavaScript; both name the file beside this one.
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const worker = new Worker(new URL(`./kdf-worker${extension}`, import.meta.url), {
    // Nothing of the environment, the arguments or the options of the process concerns the thread.
    env: {},
    execArgv: [],
  });
  const thread: KdfThread = { worker, waiting: new Map(), idle: undefined };
  worker.on("message", ({ id, derived }: KdfReply) => {
    thread.waiting.get(id)?.resolve(derived);
    thread.waiting.delete(id);
    if (thread.waiting.size > 0) return;
    worker.unref();
    thread.idle = setTimeout(() => stop(thread), IDLE_TIME).unref();
  });
  const fail = (reason: unknown): void => {
    stop(thread);
    for (const { reject } of thread.waiting.values()) reject(reason);
    thread.waiting.clear();
  };
  worker.on("error", fail);
  worker.on("exit", (code) => fail(new Error(`The thread ended with code ${code}`)));
  return thread;
}

function stop(thread: KdfThread): void {
  if (running === thread) running = undefined;
  void thread.worker.terminate();
}
