import type { findAddresses } from "../probe/find-addresses.ts";
import type { probe } from "../probe/probe.ts";

/** How the daemon reaches the network. */
export interface Prober {
  /** The addresses of a host, IP literals included, to which a route leads. Never rejects. */
  readonly findAddresses: typeof findAddresses;
  /** One conversation with one address. What the peer or the network does is data. */
  readonly probe: typeof probe;
}
