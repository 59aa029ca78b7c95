import type { probe } from "../probe/probe.ts";
import type { resolveAddresses } from "../probe/resolve.ts";

/** How the daemon reaches the network. */
export interface Prober {
  /** Every address of a host, IP literals included. Never rejects. */
  readonly resolve: typeof resolveAddresses;
  /** One conversation with one address. What the peer or the network does is data. */
  readonly probe: typeof probe;
}
