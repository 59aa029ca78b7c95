import { isIP } from "node:net";
import type { Handshake } from "../probe/handshake.ts";
import { unresolvedHandshake } from "../probe/unresolved.ts";
import type { Clock } from "./clock.ts";
import type { FairSlots } from "./fair-slots.ts";
import type { WatchedEndpoint } from "./inventory.ts";
import type { Prober } from "./prober.ts";

/** One handshake with the identity that was shown for it; null for none. */
export interface ObservedHandshake {
  readonly identity: string | null;
  readonly handshake: Handshake;
}

/** Everything that one look at an endpoint gave: a handshake per address and identity. */
export interface Observation {
  /** Milliseconds since 1970, when the look ended. */
  readonly at: number;
  readonly handshakes: readonly ObservedHandshake[];
}

/** What a look needs. */
export interface ObserveContext {
  readonly prober: Prober;
  readonly slots: FairSlots;
  readonly clock: Clock;
  /** Ends every conversation of the look. */
  readonly signal: AbortSignal;
  /** Called when the first conversation begins. */
  readonly started: () => void;
}

/** Most addresses of one endpoint that are dialled; labels of metrics are bounded by it. */
const MAX_ADDRESSES = 16;

/** Looks at an endpoint once. Null when the daemon stops before the look is complete. */
export async function observe(
  { endpoint, identities }: WatchedEndpoint,
  { prober, slots, clock, signal, started }: ObserveContext,
): Promise<Observation | null> {
  const { target, connect, serverName, timeout: timeoutMs } = endpoint;
  const host = connect?.host ?? target.host;
  const facts = {
    ...(connect === null || connect.port === null ? {} : { port: connect.port }),
    ...(serverName === null ? {} : { serverName }),
  };
  let begun = 0;
  const resolved = await slots.run(`dns ${host}`, () => {
    started();
    begun = clock.monotonic();
    return prober.resolve(host, { timeoutMs, signal });
  });
  if (resolved === null || signal.aborted) return null;
  if (!resolved.ok) {
    const startedAt = new Date(clock.wall()).toISOString();
    const handshake = unresolvedHandshake(target, facts, resolved.error, startedAt);
    return {
      at: clock.wall(),
      handshakes: identities.map((identity) => ({ identity: identity?.id ?? null, handshake })),
    };
  }
  const dnsTime = isIP(host) === 0 ? clock.monotonic() - begun : undefined;
  const conversations = resolved.value.slice(0, MAX_ADDRESSES).flatMap((address) =>
    identities.map((identity) =>
      slots.run(address, async () => ({
        identity: identity?.id ?? null,
        handshake: await prober.probe(target, {
          ...facts,
          address,
          timeoutMs,
          signal,
          dnsTime,
          keyring: identity?.keyring,
        }),
      })),
    ),
  );
  const handshakes = (await Promise.all(conversations)).filter((each) => each !== null);
  if (handshakes.length < conversations.length || signal.aborted) return null;
  return { at: clock.wall(), handshakes };
}
