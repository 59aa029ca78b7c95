import type { Handshake, HandshakeFailure } from "../probe/handshake.ts";
import type { FairSlots } from "./fair-slots.ts";
import type { ClientIdentity } from "./identity.ts";
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
  /** Ends every conversation of the look. */
  readonly signal: AbortSignal;
  /** Called when the first conversation begins. */
  readonly started: () => void;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
}

/** Most addresses of one endpoint that are dialled; labels of metrics are bounded by it. */
const MAX_ADDRESSES = 16;

/** Looks at an endpoint once. Null when the daemon stops before the look is complete. */
export async function observe(
  { endpoint, identities }: WatchedEndpoint,
  context: ObserveContext,
): Promise<Observation | null> {
  const { prober, slots, signal, started, wall } = context;
  const host = endpoint.connect?.host ?? endpoint.target.host;
  const resolved = await slots.run(`dns ${host}`, () => {
    started();
    return prober.resolve(host, endpoint.timeout, signal);
  });
  if (resolved === null || signal.aborted) return null;
  if (!resolved.ok) {
    const handshake = unresolved(endpoint, resolved.error, wall());
    return {
      at: wall(),
      handshakes: identities.map((identity) => ({ identity: identity?.id ?? null, handshake })),
    };
  }
  const addresses = [...new Set(resolved.value)].slice(0, MAX_ADDRESSES);
  const handshakes = await Promise.all(
    addresses.flatMap((address) =>
      identities.map((identity) =>
        slots.run(address, async () => ({
          identity: identity?.id ?? null,
          handshake: await prober.handshake(request(endpoint, address, identity, signal)),
        })),
      ),
    ),
  );
  const complete = handshakes.filter((handshake) => handshake !== null);
  if (complete.length < handshakes.length || signal.aborted) return null;
  return { at: wall(), handshakes: complete };
}

type Watched = WatchedEndpoint["endpoint"];

const request = (
  { target, connect, serverName, timeout }: Watched,
  address: string,
  identity: ClientIdentity | null,
  signal: AbortSignal,
): Parameters<Prober["handshake"]>[0] => ({
  endpoint: target,
  address,
  port: connect?.port ?? target.port,
  serverName,
  identity,
  timeout,
  signal,
});

/** The record of a conversation that had no address to begin with. */
function unresolved(
  { target, connect, serverName }: Watched,
  failure: HandshakeFailure,
  at: number,
): Handshake {
  return {
    endpoint: target,
    serverName,
    address: null,
    dialledPort: connect?.port ?? target.port,
    startedAt: new Date(at).toISOString(),
    outcome: "failed",
    stage: "dns",
    failure,
    alert: null,
    version: null,
    cipherSuite: null,
    group: null,
    signatureScheme: null,
    alpn: null,
    clientCertificateRequested: false,
    certificateRequest: null,
    certificates: [],
    ocspStaple: null,
    firstBytes: null,
    phases: { dns: null, connect: null, hello: null, complete: null },
  };
}
