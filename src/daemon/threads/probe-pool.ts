import { hash } from "node:crypto";
import { availableParallelism } from "node:os";
import type { Endpoint, Handshake } from "../../probe/handshake.ts";
import { probe, type ProbeOptions } from "../../probe/probe.ts";
import { unresolvedHandshake } from "../../probe/unresolved.ts";
import { findAddresses } from "../../probe/find-addresses.ts";
import type { Clock } from "../clock.ts";
import type { Health } from "../health.ts";
import type { Prober } from "../prober.ts";
import { ProbeThread, ThreadEnded } from "./probe-thread.ts";

/** What a pool works with. */
export interface ProbePoolOptions {
  readonly clock: Clock;
  readonly health: Health;
  /** @default one less than there are processors, and four at most */
  readonly threads?: number;
  /** Starts a thread. @default one that probes */
  readonly start?: (
    ended: (reason: string) => void,
  ) => Pick<ProbeThread, "inFlight" | "probe" | "close">;
}

/** More threads than this have nothing to do in any estate that one machine can watch. */
const MOST_THREADS = 4;

/** A thread that knows a server's key is preferred as long as it has this many conversations more than another. */
const PREFERENCE = 8;

/** Milliseconds for which the end of a thread is a problem of the watcher, and before another one is started. */
const REMEMBERED = 600_000;
const RESTART = 1000;

type Thread = ReturnType<NonNullable<ProbePoolOptions["start"]>>;

/**
 * Makes conversations in threads, so that the API answers quickly while servers are probed and no peer can exhaust the
 * daemon. Names are resolved where the caller is: the runtime has threads of its own for that.
 */
export class ProbePool implements Prober {
  readonly findAddresses: Prober["findAddresses"] = findAddresses;
  readonly probe: Prober["probe"] = (endpoint, options) => this.#probe(endpoint, options ?? {});
  readonly #options: ProbePoolOptions;
  readonly #threads: (Thread | null)[];
  #cancelRestart: () => void = () => {};
  #cancelProblem: () => void = () => {};
  #closed = false;

  constructor(options: ProbePoolOptions) {
    this.#options = options;
    const { threads = Math.min(MOST_THREADS, Math.max(1, availableParallelism() - 1)) } = options;
    this.#threads = Array.from({ length: threads }, (_, index) => this.#start(index));
  }

  /** Threads that run. */
  get size(): number {
    return this.#threads.filter((thread) => thread !== null).length;
  }

  /** Ends every thread and every conversation. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRestart();
    this.#cancelProblem();
    await Promise.all(this.#threads.map(async (thread) => thread?.close()));
  }

  async #probe(endpoint: Endpoint, options: ProbeOptions): Promise<Handshake> {
    const { signal, sessions, resume, ...sent } = options;
    // sessions are the caller's own objects
    if (sessions !== undefined || resume !== undefined) return probe(endpoint, options);
    const startedAt = new Date(this.#options.clock.wall()).toISOString();
    try {
      return await this.#threadFor(endpoint).probe(endpoint, sent, signal);
    } catch (error) {
      if (!(error instanceof ThreadEnded)) throw error;
      const failure = { code: "cancelled", message: "The probe was given up" } as const;
      const unmade = unresolvedHandshake(endpoint, options, failure, startedAt);
      return { ...unmade, address: options.address ?? null };
    }
  }

  #threadFor({ host, port }: Endpoint): Thread {
    const threads = this.#threads.filter((thread) => thread !== null);
    const [first] = threads;
    if (first === undefined) throw new ThreadEnded("No thread runs");
    const idlest = threads.reduce((a, b) => (b.inFlight < a.inFlight ? b : a));
    const place = hash("sha256", `${host}:${port}`, "buffer").readUInt32BE();
    const usual = threads[place % threads.length] ?? first;
    return usual.inFlight <= idlest.inFlight + PREFERENCE ? usual : idlest;
  }

  #start(index: number): Thread {
    const { start = (ended) => new ProbeThread(ended) } = this.#options;
    return start((reason) => this.#ended(index, reason));
  }

  #ended(index: number, reason: string): void {
    if (this.#closed) return;
    const { clock, health } = this.#options;
    this.#threads[index] = null;
    health.raise(
      "prober-ended",
      "",
      `A thread that probes has ended and is started again: ${reason}`,
    );
    this.#cancelProblem();
    this.#cancelProblem = clock.after(REMEMBERED, () => health.clear("prober-ended", ""));
    this.#cancelRestart();
    this.#cancelRestart = clock.after(RESTART, () => {
      for (const [place, thread] of this.#threads.entries())
        if (thread === null) this.#threads[place] = this.#start(place);
    });
  }
}
