import { isIPv6 } from "node:net";
import type { Clock } from "../../clock.ts";

/** How many requests one place may make. */
export interface Rate {
  /** Requests that may come at once. */
  readonly burst: number;
  /** Further ones in each second. */
  readonly perSecond: number;
}

/** Places that are remembered; beyond it those not heard of for longest are forgotten. */
const MAX_PLACES = 10_000;

/** Counts requests by the address that they come from: a bucket of tokens for each. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #rate: Rate;
  /** In the order of last use. */
  readonly #buckets = new Map<string, { readonly left: number; readonly at: number }>();

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
  }

  /** Counts one request; false when there were too many. */
  take(address: string | undefined): boolean {
    const left = this.#left(address);
    const taken = left >= 1;
    this.#put(address, taken ? left - 1 : left);
    return taken;
  }

  /** Whether another request would be counted, without counting one. */
  allows(address: string | undefined): boolean {
    return this.#left(address) >= 1;
  }

  /** Places that are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  #left(address: string | undefined): number {
    const { burst, perSecond } = this.#rate;
    const known = this.#buckets.get(placeOf(address));
    if (known === undefined) return burst;
    const seconds = Math.max(0, this.#clock.monotonic() - known.at) / 1000;
    return Math.min(burst, known.left + seconds * perSecond);
  }

  #put(address: string | undefined, left: number): void {
    const place = placeOf(address);
    this.#buckets.delete(place);
    this.#buckets.set(place, { left, at: this.#clock.monotonic() });
    if (this.#buckets.size <= MAX_PLACES) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}

/** An IPv4 address, or the /64 network of an IPv6 address, within which anybody has any number of addresses. */
export function placeOf(address: string | undefined): string {
  const text = (address ?? "").replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  if (!isIPv6(text)) return text;
  const [head = "", tail] = text.split("::", 2);
  const groups = (part: string): readonly string[] => (part === "" ? [] : part.split(":"));
  const first = groups(head);
  const missing = tail === undefined ? 0 : 8 - first.length - groups(tail).length;
  const all = [...first, ...Array<string>(Math.max(0, missing)).fill("0"), ...groups(tail ?? "")];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
