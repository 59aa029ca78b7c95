import { findAddresses } from "../probe/find-addresses.ts";
import { probe } from "../probe/probe.ts";
import type { Prober } from "./prober.ts";

/** Reaches the network through this machine's resolver and sockets. */
export const systemProber: Prober = { findAddresses, probe };
