import { isIP } from "node:net";
import { settleClientAuth } from "../probe/client-auth.ts";
import type { Handshake, HandshakeFailure } from "../probe/handshake.ts";
import type { ProbeOptions } from "../probe/probe.ts";
import { DIRECT, resolvesRemotely, type Route } from "../probe/routes/route.ts";
import { unresolvedHandshake } from "../probe/unresolved.ts";
import { profileOf } from "../trust/profiles.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import { wouldAnswerAlike } from "../probe/same-answer.ts";
import type { Clock } from "./clock.ts";
import type { FairSlots } from "./fair-slots.ts";
import type { Observation, ObservedHandshake, OwnHandshake } from "../links/observation.ts";
import type { ClientIdentity } from "./identity.ts";
import type { WatchedEndpoint } from "./inventory.ts";
import { OwnHellos } from "./own-hellos.ts";
import type { Prober } from "./prober.ts";

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

export type { Observation, ObservedHandshake, OwnHandshake };

/** Most addresses of one endpoint that are dialled; labels of metrics are bounded by it. */
const MAX_ADDRESSES = 16;

/** Looks at an endpoint once. Null when the daemon stops before the look is complete. */
export async function observe(
  watched: WatchedEndpoint,
  context: ObserveContext,
): Promise<Observation | null> {
  const { endpoint, identities } = watched;
  const { prober, slots, clock, signal } = context;
  const { target, connect, serverName, timeout: timeoutMs, phaseTimeout, pace = 0 } = endpoint;
  const found = await findPlaces(watched, context);
  if (found === null || signal.aborted) return null;
  const facts = {
    ...(connect === null || connect.port === null ? {} : { port: connect.port }),
    ...(serverName === null ? {} : { serverName }),
    route: found.route,
  };
  if (!found.places.ok) {
    const startedAt = new Date(clock.wall()).toISOString();
    const handshake = unresolvedHandshake(target, facts, found.places.error, startedAt);
    return {
      at: clock.wall(),
      handshakes: identities.map((identity) => ({ identity: identity?.id ?? null, handshake })),
    };
  }
  const { dnsTime } = found;
  const host = connect?.host ?? target.host;
  const converse = (
    address: string | null,
    identity: ClientIdentity | null,
    hello: Pick<ProbeOptions, "shape" | "hello" | "request"> = {},
  ): Promise<Handshake> =>
    prober.probe(target, {
      ...facts,
      address: address ?? undefined,
      connectHost: host,
      timeoutMs,
      phaseTimeoutMs: phaseTimeout ?? undefined,
      signal,
      dnsTime,
      keyring: identity?.keyring,
      request: endpoint.request ?? undefined,
      ...hello,
    });
  const look = async (address: string | null) => {
    let conversations = 0;
    const ask: typeof converse = async (...how) => {
      // the turn itself stands for the first one
      if (conversations++ > 0) await slots.pause(address ?? host, pace);
      return converse(...how);
    };
    const shared = await askAsEach(identities, (each) => ask(address, each), endpoint);
    const own = new OwnHellos((shape, hello, identity) =>
      ask(address, identity, { shape, hello, request: undefined }),
    );
    return { shared, own: await askAsClients(watched, shared, own) };
  };
  const looks = found.places.value
    .slice(0, MAX_ADDRESSES)
    .map((address) => slots.run(address ?? host, () => look(address), pace));
  const seen = (await Promise.all(looks)).flatMap((look) => look ?? []);
  if (seen.length < looks.length || signal.aborted) return null;
  return {
    at: clock.wall(),
    handshakes: seen.flatMap(({ shared }) => shared),
    own: seen.flatMap(({ own }) => own),
  };
}

/** Asks one address with the own hello of each client to which it may answer otherwise. */
async function askAsClients(
  { clients }: WatchedEndpoint,
  shared: readonly ObservedHandshake[],
  hellos: OwnHellos,
): Promise<readonly OwnHandshake[]> {
  const own: OwnHandshake[] = [];
  for (const { party, identity } of clients) {
    if (identity !== null && !identity.ok) continue;
    const shown = identity?.value ?? null;
    const asked = shared.find((other) => other.identity === (shown?.id ?? null))?.handshake;
    if (asked === undefined) continue;
    const profile = party.rules ?? profileOf(party.profile);
    const handshake = await hellos.ask(profile, asked, shown);
    if (handshake !== null) own.push({ client: party.name, handshake });
  }
  return own;
}

/**
 * One handshake for each identity; where two would answer the server alike, they share it. Where the estate
 * says what is expected of the server, one more without a certificate may be needed to see it.
 */
async function askAsEach(
  identities: readonly (ClientIdentity | null)[],
  converse: (identity: ClientIdentity | null) => Promise<Handshake>,
  { expect }: WatchedEndpoint["endpoint"],
): Promise<readonly ObservedHandshake[]> {
  const seen: { readonly identity: ClientIdentity | null; readonly handshake: Handshake }[] = [];
  for (const identity of identities) {
    const alike = seen.find(
      (other) =>
        (identity === null) === (other.identity === null) &&
        wouldAnswerAlike(other.handshake, identity?.keyring ?? null),
    );
    seen.push({ identity, handshake: alike?.handshake ?? (await converse(identity)) });
  }
  const known = seen.find(({ handshake }) => handshake.clientAuth !== null)?.handshake.clientAuth;
  const clientAuth =
    known ?? (expect.clientAuth === null ? null : await withoutCertificate(seen, converse));
  return seen.map(({ identity, handshake }) => ({
    identity: identity?.id ?? null,
    handshake: handshake.clientCertificateRequested ? { ...handshake, clientAuth } : handshake,
  }));
}

async function withoutCertificate(
  [first]: readonly { readonly handshake: Handshake }[],
  converse: (identity: null) => Promise<Handshake>,
): Promise<Handshake["clientAuth"]> {
  if (first === undefined) return null;
  return (await settleClientAuth(first.handshake, () => converse(null))).clientAuth;
}

/** Where an endpoint is to be looked for: addresses, or null where a proxy resolves its name. */
interface Places {
  readonly route: Route;
  readonly places: Result<readonly (string | null)[], HandshakeFailure>;
  /** Milliseconds that finding them took; undefined where nothing had to be found. */
  readonly dnsTime: number | undefined;
}

async function findPlaces(
  { endpoint, route: loaded }: WatchedEndpoint,
  { prober, slots, clock, signal, started }: ObserveContext,
): Promise<Places | null> {
  const host = endpoint.connect?.host ?? endpoint.target.host;
  if (!loaded.ok || resolvesRemotely(loaded.value)) {
    started();
    const places = loaded.ok ? ok([null]) : fail(unusable(loaded.error));
    return { route: loaded.ok ? loaded.value : DIRECT, places, dnsTime: undefined };
  }
  const route = loaded.value;
  let begun = 0;
  const places = await slots.run(`dns ${host}`, () => {
    started();
    begun = clock.monotonic();
    return prober.findAddresses(host, route, { timeoutMs: endpoint.timeout, signal });
  });
  if (places === null) return null;
  const dnsTime = isIP(host) === 0 ? clock.monotonic() - begun : undefined;
  return { route, places, dnsTime };
}

const unusable = (message: string): HandshakeFailure => ({ code: "proxy-unreachable", message });
