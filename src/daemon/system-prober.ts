import { probe } from "../probe/probe.ts";
import { resolveAddresses } from "../probe/resolve.ts";
import type { Prober } from "./prober.ts";

/** Reaches the network through this machine's resolver and sockets. */
export const systemProber: Prober = { resolve: resolveAddresses, probe };
