import type { EstateEndpoint } from "../../estate/estate.ts";
import type { Handshake } from "../../probe/handshake.ts";
import type { Observation } from "../observation.ts";
import { withChain } from "./served-chain.ts";
import type { EndpointEffect } from "./step.ts";

/** An endpoint with what is seen there. */
export interface SeenEndpoint {
  readonly endpoint: EstateEndpoint;
  /** Null when nothing is known of it. */
  readonly observation: Observation | null;
  /** What had to be assumed, in sentences. */
  readonly assumptions: readonly string[];
}

/** The endpoint after a step, and what its clients would see there. */
export function afterEffect(before: SeenEndpoint, effect: EndpointEffect): SeenEndpoint {
  const { url, connect, serverName, chain, seen } = effect;
  const moves = url !== null || connect !== null || serverName !== null;
  const endpoint: EstateEndpoint = {
    ...before.endpoint,
    ...(url === null ? {} : { url: url.text, target: url.target }),
    ...(connect === null ? {} : { connect }),
    ...(serverName === null ? {} : { serverName }),
  };
  const isAssumed = moves && seen === null && before.observation !== null;
  const base =
    seen ??
    (moves ? mapped(before.observation, (each) => atPlace(each, endpoint)) : before.observation);
  return {
    endpoint,
    observation: chain === null ? base : mapped(base, (each) => withChain(each, chain)),
    assumptions: isAssumed
      ? [
          ...before.assumptions,
          `${endpoint.name}: the same server is assumed to answer as ${endpoint.url}`,
        ]
      : before.assumptions,
  };
}

function mapped(
  observation: Observation | null,
  change: (handshake: Handshake) => Handshake,
): Observation | null {
  if (observation === null) return null;
  const { handshakes, own = [] } = observation;
  // clients that share a conversation go on sharing it
  const known = new Map<Handshake, Handshake>();
  const once = (handshake: Handshake): Handshake => {
    const changed = known.get(handshake) ?? change(handshake);
    known.set(handshake, changed);
    return changed;
  };
  return {
    ...observation,
    handshakes: handshakes.map((each) => ({ ...each, handshake: once(each.handshake) })),
    own: own.map((each) => ({ ...each, handshake: once(each.handshake) })),
  };
}

function atPlace(handshake: Handshake, { target, serverName, connect }: EstateEndpoint): Handshake {
  const name = serverName ?? target.host;
  return {
    ...handshake,
    endpoint: target,
    serverName: isAddress(name) ? null : name,
    dialledPort: connect?.port ?? target.port,
  };
}

/** Addresses are not sent as server names (RFC 6066 section 3). */
const isAddress = (host: string): boolean => host.includes(":") || /^\d+(\.\d+){3}$/.test(host);
