import type { ClientIdentity } from "../daemon/identity.ts";
import { parseHostPort } from "../estate/host-port.ts";
import { settleClientAuth } from "../probe/client-auth.ts";
import type { Endpoint, Handshake } from "../probe/handshake.ts";
import { probeAll, type ProbeAllOptions } from "../probe/probe-all.ts";
import { probe } from "../probe/probe.ts";
import { wouldAnswerAlike } from "../probe/same-answer.ts";
import type { CheckOptions } from "./check.ts";
import { routeOf } from "./check-route.ts";
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
  };
}

/** Handshakes with one address, by the identity that was shown in them. */
export type AddressHandshakes = (identity: ClientIdentity | null) => Handshake;

/**
 * Handshakes with every address of a target, in the resolver's order: one for all clients, and further ones
 * only where the server asks for a certificate and clients would answer differently, or where it is open
 * whether it insists on one.
 * @param identities distinct, at least one
 */
export async function probeTarget(
  endpoint: Endpoint,
  reach: Reach,
  [first = null, ...others]: readonly (ClientIdentity | null)[],
): Promise<readonly AddressHandshakes[]> {
  const all: AddressHandshakes[] = [];
  const options = { ...reach, keyring: first?.keyring };
  for await (const seen of probeAll(endpoint, options)) {
    const address = seen.address ?? undefined;
    const again = (identity: ClientIdentity | null): Promise<Handshake> =>
      probe(endpoint, { ...reach, address, keyring: identity?.keyring });
    const settled = await settleClientAuth(seen, () =>
      probe(endpoint, { ...reach, address, request: undefined }),
    );
    const handshakes = new Map([[first?.id, settled]]);
    for (const other of others) {
      if (wouldAnswerAlike(settled, other?.keyring ?? null)) continue;
      const { clientAuth } = settled;
      handshakes.set(other?.id, { ...(await again(other)), clientAuth });
    }
    all.push((identity) => handshakes.get(identity?.id) ?? settled);
  }
  return all;
}
