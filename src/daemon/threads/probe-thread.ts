import { Worker } from "node:worker_threads";
import type { Endpoint, Handshake } from "../../probe/handshake.ts";
import type { ProbeReply, ProbeRequest, SentOptions } from "./messages.ts";

/** Memory of one thread: a peer that exhausts it ends the thread, not the daemon. */
const HEAP_MEGABYTES = 256;

/** Why a thread gave no record. */
export class ThreadEnded extends Error {
  readonly code = "thread-ended";
}

interface Waiting {
  readonly resolve: (handshake: Handshake) => void;
  readonly reject: (reason: Error) => void;
}

/** One thread that makes conversations. */
export class ProbeThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #requests = 0;
  #ended = false;

  /** @param ended called once when the thread has ended by itself, with what it said */
  constructor(ended: (reason: string) => void) {
    // the sources are TypeScript, the built package is JavaScript; both name the file beside this one
    const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
    this.#worker = new Worker(new URL(`./probe-worker${extension}`, import.meta.url), {
      execArgv: [],
      name: "probe",
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
    });
    this.#worker.on("message", (reply: ProbeReply) => this.#answered(reply));
    const end = (reason: string): void => {
      if (this.#ended) return;
      this.#fail(reason);
      ended(reason);
    };
    this.#worker.on("error", (error) => end(String(error)));
    this.#worker.on("exit", (code) => end(`Exit code ${code}`));
    // what keeps the daemon running is its server
    this.#worker.unref();
  }

  /** Conversations in flight. */
  get inFlight(): number {
    return this.#waiting.size;
  }

  /** Makes a conversation. @throws {ThreadEnded} when the thread ends before it */
  probe(endpoint: Endpoint, options: SentOptions, signal?: AbortSignal): Promise<Handshake> {
    if (this.#ended) return Promise.reject(new ThreadEnded("The thread has ended"));
    const id = ++this.#requests;
    const { promise, resolve, reject } = Promise.withResolvers<Handshake>();
    const cancel = (): void => this.#send({ kind: "cancel", id });
    const settle = (): void => {
      this.#waiting.delete(id);
      signal?.removeEventListener("abort", cancel);
    };
    this.#waiting.set(id, {
      resolve: (handshake) => {
        settle();
        resolve(handshake);
      },
      reject: (reason) => {
        settle();
        reject(reason);
      },
    });
    this.#send({ kind: "probe", id, endpoint, options });
    if (signal?.aborted === true) cancel();
    else signal?.addEventListener("abort", cancel);
    return promise;
  }

  /** Ends the thread and every conversation. */
  async close(): Promise<void> {
    this.#fail("It was closed");
    await this.#worker.terminate();
  }

  #send(request: ProbeRequest): void {
    this.#worker.postMessage(request);
  }

  #answered(reply: ProbeReply): void {
    const waiting = this.#waiting.get(reply.id);
    if ("handshake" in reply) waiting?.resolve(reply.handshake);
    else waiting?.reject(new Error(reply.defect));
  }

  #fail(reason: string): void {
    this.#ended = true;
    for (const { reject } of this.#waiting.values()) reject(new ThreadEnded(reason));
  }
}
