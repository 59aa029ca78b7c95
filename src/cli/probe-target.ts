import type { ClientIdentity } from "../daemon/identity.ts";
import { parseHostPort } from "../estate/host-port.ts";
import { settleClientAuth } from "../probe/client-auth.ts";
import type { Endpoint, Handshake } from "../probe/handshake.ts";
import { probeAll, type ProbeAllOptions } from "../probe/probe-all.ts";
import { probe } from "../probe/probe.ts";
import { wouldAnswerAlike } from "../probe/same-answer.ts";
import { OwnHellos } from "../daemon/own-hellos.ts";
import { isUnexplained } from "../probe/investigation/investigate.ts";
import { hasPostQuantumShare } from "../probe/investigation/variations.ts";
import type { HelloShape } from "../probe/tls/hello-shape.ts";
import { clientHandshake } from "../trust/client-handshake.ts";
import type { Profile } from "../trust/profile.ts";
import { profileOf } from "../trust/profiles.ts";
import type { CheckParty } from "./check-clients.ts";
import type { CheckOptions } from "./check.ts";
import { routeOf } from "./check-route.ts";
import { helloOf } from "./hello-option.ts";
import { requestOf } from "./request-options.ts";
import { UsageError } from "./usage-error.ts";

/** How targets are reached, whoever the client is. */
export type Reach = Omit<ProbeAllOptions, "keyring">;

/** The part of the options of `check` that says how to reach a target. @throws {UsageError} */
export async function probeOptions(options: CheckOptions): Promise<Reach> {
  const { timeout, phaseTimeout, connect, servername } = options;
  const dialled = connect === undefined ? null : parseHostPort(connect);
  if (connect !== undefined && dialled === null)
    throw new UsageError(
      `--connect: ${JSON.stringify(connect)} is no HOST, HOST:PORT or [V6]:PORT`,
    );
  return {
    timeoutMs: timeout,
    phaseTimeoutMs: phaseTimeout,
    route: await routeOf(options),
    connectHost: dialled?.host,
    port: dialled?.port ?? undefined,
    serverName: servername,
    request: requestOf(options),
    ...helloOf(options.hello),
  };
}

/** Conversations with one address. */
export interface AddressHandshakes {
  /** All of them in the order in which they were made. */
  readonly all: readonly Handshake[];
  /** The one to judge for a client, and the one with its own hello where that was needed. */
  readonly of: (party: CheckParty) => ClientConversations;
  /** Makes a further conversation with the same address. Never rejects. */
  readonly again: (change: Partial<Reach>) => Promise<Handshake>;
}

/** What one client is judged by at one address. */
export interface ClientConversations {
  readonly handshake: Handshake;
  /** Null where the first one tells everything. */
  readonly own: Handshake | null;
}

/**
 * Handshakes with every address of a target, in the resolver's order: one for all clients, and further ones
 * only where the server asks for a certificate and clients would answer differently, where it is open
 * whether it insists on one, or where it chose what a client does not offer.
 * @param parties at least one
 */
export async function probeTarget(
  endpoint: Endpoint,
  reach: Reach,
  parties: readonly CheckParty[],
): Promise<readonly AddressHandshakes[]> {
  const [first = null, ...others] = distinctIdentities(parties);
  const all: AddressHandshakes[] = [];
  for await (const seen of probeAll(endpoint, { ...reach, keyring: first?.keyring })) {
    const address = seen.address ?? undefined;
    const again = (more: Partial<Reach> & Pick<ProbeAllOptions, "keyring">): Promise<Handshake> =>
      probe(endpoint, { ...reach, ...more, address });
    const settled = await settleClientAuth(seen, () => again({ request: undefined }));
    const byIdentity = new Map([[first?.id, settled]]);
    for (const other of others) {
      if (wouldAnswerAlike(settled, other?.keyring ?? null)) continue;
      const { clientAuth } = settled;
      const handshake = await again({ keyring: other?.keyring });
      byIdentity.set(other?.id, { ...handshake, clientAuth });
    }
    const shared = ({ identity }: CheckParty): Handshake => byIdentity.get(identity?.id) ?? settled;
    const own = new OwnHellos((shape, hello, identity) => {
      const request = settled.request === null ? reach.request : undefined;
      return again({ shape, hello, request, keyring: identity?.keyring });
    });
    const longHello = droppedLongHello((change) => again({ ...change, request: undefined }));
    const conversations = new Map<CheckParty, ClientConversations>();
    for (const party of parties) {
      const handshake = shared(party);
      const profile = party.party.rules ?? profileOf(party.party.profile);
      const isWide = reach.hello === undefined;
      const answer = isWide ? await own.ask(profile, handshake, party.identity) : null;
      const dropped = isWide && answer === null ? await longHello(profile, handshake) : null;
      conversations.set(party, { handshake, own: answer ?? dropped });
    }
    all.push({
      all: [...byIdentity.values(), ...own.made],
      of: (party) => conversations.get(party) ?? { handshake: shared(party), own: null },
      again: (change) => again({ keyring: first?.keyring, ...change }),
    });
  }
  return all;
}

/** Milliseconds for a hello that may be dropped: the server has answered a shorter one by then. */
const LONG_HELLO_TIME = 3000;

/**
 * Finds out whether a client's hello is dropped for its post-quantum key share, which makes it longer than one packet:
 * the first hello, which was answered, had none. Gives the conversation that failed; null where the share does no harm.
 */
function droppedLongHello(
  ask: (change: Partial<Reach>) => Promise<Handshake>,
): (profile: Profile, answered: Handshake) => Promise<Handshake | null> {
  const made = new Map<HelloShape, Promise<Handshake>>();
  return async (profile, answered) => {
    const { shape, hello } = clientHandshake(profile);
    if (shape === null || hello === null || !hasPostQuantumShare(shape)) return null;
    if (answered.version === null) return null;
    const asked =
      made.get(shape) ?? ask({ shape, hello, until: ["certificates"], timeoutMs: LONG_HELLO_TIME });
    made.set(shape, asked);
    const handshake = await asked;
    return isUnexplained(handshake) ? handshake : null;
  };
}

function distinctIdentities(parties: readonly CheckParty[]): readonly (ClientIdentity | null)[] {
  return [...new Map(parties.map(({ identity }) => [identity?.id, identity])).values()];
}
