import type { FailureCode } from "../probe/handshake.ts";
import type { Clock } from "./clock.ts";
import type { Observation } from "./observe.ts";

/** `doubtful`: something is out of reach just now, and others are being asked; `blind`: everything is. */
export type Sight = "clear" | "doubtful" | "blind";

/** What a NetworkSight works with. */
export interface NetworkSightOptions {
  readonly clock: Clock;
  /** Looks at these endpoints at once. */
  readonly hurry: (endpoints: readonly string[]) => void;
  /** Called after each change, with the endpoints that are out of reach and not looked at again now. */
  readonly changed: (sight: Sight, unreached: readonly string[]) => void;
}

/** Endpoints from which on one can tell between a server that is down and a network that is. */
const LEAST = 3;

/** Endpoints that went out of reach one after the other, with no answer in between, are enough to be blind. */
const ENOUGH = 5;

/** Milliseconds from one asking of others to the next, and for which nothing is said while they are asked. */
const ASK_AGAIN = 5000;
const DOUBT_MOST = 30_000;

/** Failures in which nobody answered: the servers may be well. */
const SILENCE: ReadonlySet<FailureCode> = new Set([
  "dns-failed",
  "connect-refused",
  "connect-unreachable",
  "connect-failed",
  "timeout-connect",
  "timeout-proxy",
  "timeout-dialog",
  "timeout-handshake",
  "proxy-unreachable",
]);

/** Whether anybody answered in a look; null where that was not found out. */
export function isReached({ handshakes }: Observation): boolean | null {
  const failures = handshakes.map(({ handshake }) => handshake.failure?.code ?? null);
  if (failures.some((code) => code === null || (code !== "cancelled" && !SILENCE.has(code))))
    return true;
  return failures.some((code) => code !== "cancelled") ? false : null;
}

/**
 * Tells a network that is down where the watcher stands from servers that are down. When an endpoint goes out of reach,
 * others that answered last are asked at once: one answer shows that the network is there.
 */
export class NetworkSight {
  readonly #options: NetworkSightOptions;
  /** Whether the latest look reached an endpoint; null before the first. */
  #reached: Map<string, boolean | null>;
  /** Endpoints that were in reach, and out of it since the latest answer of any. */
  readonly #turned = new Set<string>();
  #sight: Sight = "clear";
  #askedAt = Number.NEGATIVE_INFINITY;
  #cancelDoubt: () => void = () => {};

  /** @param known endpoints that were in reach before the start */
  constructor(options: NetworkSightOptions, known: ReadonlySet<string>) {
    this.#options = options;
    this.#reached = new Map([...known].map((name) => [name, true]));
  }

  /** What is to be made of failures now. */
  get sight(): Sight {
    return this.#sight;
  }

  /** Makes these endpoints the only ones. */
  adopt(names: Iterable<string>): void {
    this.#reached = new Map([...names].map((name) => [name, this.#reached.get(name) ?? null]));
    for (const name of this.#turned) if (!this.#reached.has(name)) this.#turned.delete(name);
    if (this.#sight === "blind" && this.#reached.size < LEAST) this.#become("clear");
  }

  /** Takes note of a look. Called before what it gave is judged. */
  looked(name: string, isReachedNow: boolean | null): void {
    const before = this.#reached.get(name);
    if (before === undefined || isReachedNow === null) return;
    this.#reached.set(name, isReachedNow);
    if (isReachedNow) {
      this.#turned.clear();
      this.#become("clear");
      return;
    }
    if (this.#reached.size < LEAST) return;
    if (before === true) this.#turned.add(name);
    if (this.#turned.size >= ENOUGH || !this.#mayAnswer()) this.#become("blind");
    else if (before === true && this.#sight === "clear") this.#doubt();
  }

  /** Whether the failure of an endpoint is not to be told, because the network's may be the reason. */
  withholds(name: string): boolean {
    return this.#sight !== "clear" && this.#reached.get(name) === false;
  }

  /** Ends the doubt that waits. */
  close(): void {
    this.#cancelDoubt();
  }

  #mayAnswer(): boolean {
    for (const reached of this.#reached.values()) if (reached !== false) return true;
    return false;
  }

  #doubt(): void {
    const { clock, hurry } = this.#options;
    this.#become("doubtful");
    this.#cancelDoubt = clock.after(DOUBT_MOST, () => {
      this.#turned.clear();
      this.#become("clear");
    });
    const now = clock.monotonic();
    if (now - this.#askedAt < ASK_AGAIN) return;
    this.#askedAt = now;
    const witnesses: string[] = [];
    for (const [name, reached] of this.#reached) {
      if (reached === true) witnesses.push(name);
      if (witnesses.length >= ENOUGH) break;
    }
    hurry(witnesses);
  }

  #become(sight: Sight): void {
    if (this.#sight === sight) return;
    this.#cancelDoubt();
    const before = this.#sight;
    this.#sight = sight;
    const unreached = [...this.#reached].flatMap(([name, reached]) =>
      reached === false ? name : [],
    );
    const isBack = sight === "clear" && before === "blind";
    if (isBack) this.#options.hurry(unreached);
    // what is looked at again now is not to be told as it was
    this.#options.changed(sight, isBack ? [] : unreached);
  }
}
