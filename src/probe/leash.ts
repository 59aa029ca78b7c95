/** Why a conversation is ended from outside. */
export type LeashEnd =
  | { readonly kind: "cancelled" }
  /** Time is up: that of the phase or that of the whole, whichever was over first, in milliseconds. */
  | { readonly kind: "expired"; readonly afterMs: number };

/** How long a conversation may go on. */
export interface LeashOptions {
  /** Milliseconds for everything. */
  readonly timeoutMs: number;
  /** Milliseconds for each phase; absent: as long as there is time for the whole. */
  readonly phaseTimeoutMs?: number | undefined;
  /** Ends everything at once. */
  readonly signal?: AbortSignal | undefined;
}

const CANCELLED: LeashEnd = { kind: "cancelled" };

/**
 * The time that a conversation has, in all and for each phase, and its caller's wish to end it. Whoever
 * works on the conversation at a moment holds the leash and is told when it must end.
 */
export class Leash {
  readonly #signal: AbortSignal | undefined;
  readonly #phaseTimeoutMs: number | undefined;
  readonly #timeoutMs: number;
  readonly #start = performance.now();
  readonly #whole: NodeJS.Timeout;
  #phase: NodeJS.Timeout | undefined;
  #holder: ((end: LeashEnd) => void) | null = null;
  #end: LeashEnd | null = null;

  constructor({ timeoutMs, phaseTimeoutMs, signal }: LeashOptions) {
    this.#timeoutMs = timeoutMs;
    this.#phaseTimeoutMs = phaseTimeoutMs;
    this.#signal = signal;
    this.#whole = setTimeout(this.#expire, timeoutMs);
    if (signal?.aborted === true) this.#end = CANCELLED;
    else signal?.addEventListener("abort", this.#cancel);
  }

  /** Milliseconds that are left of the whole. */
  get leftMs(): number {
    return Math.max(0, this.#timeoutMs - (performance.now() - this.#start));
  }

  /** Whether the caller has cancelled or time is up. */
  get ended(): LeashEnd | null {
    return this.#end;
  }

  /**
   * Takes the leash over for a phase, whose time begins now. `onEnd` is called when the end comes, at once
   * when it has already come, and a second time when the caller cancels what has run out of time.
   */
  hold(onEnd: (end: LeashEnd) => void): void {
    this.#holder = onEnd;
    if (this.#end === null) this.beginPhase();
    else onEnd(this.#end);
  }

  /** Begins the time of another phase with the same holder. */
  beginPhase(): void {
    clearTimeout(this.#phase);
    const limit = this.#phaseTimeoutMs;
    if (limit !== undefined && this.#end === null)
      this.#phase = setTimeout(() => this.#finish({ kind: "expired", afterMs: limit }), limit);
  }

  /** Stops the clocks: only the caller can end what is left to do. */
  stopClocks(): void {
    clearTimeout(this.#whole);
    clearTimeout(this.#phase);
  }

  /** Lets go of everything; nobody is called any more. */
  release(): void {
    this.stopClocks();
    this.#holder = null;
    this.#signal?.removeEventListener("abort", this.#cancel);
  }

  readonly #cancel = (): void => this.#finish(CANCELLED);

  readonly #expire = (): void => this.#finish({ kind: "expired", afterMs: this.#timeoutMs });

  #finish(end: LeashEnd): void {
    this.#end = end;
    this.stopClocks();
    this.#holder?.(end);
  }
}
