import { isIP } from "node:net";
import { findAddresses } from "./find-addresses.ts";
import type { Endpoint, Handshake } from "./handshake.ts";
import { probe, type ProbeOptions } from "./probe.ts";
import { DIRECT, resolvesRemotely } from "./routes/route.ts";
import { unresolvedHandshake } from "./unresolved.ts";

/** How all addresses of an endpoint are to be probed. */
export interface ProbeAllOptions extends Omit<ProbeOptions, "address" | "dnsTime"> {
  /** Conversations at once. @default 4 */
  readonly concurrency?: number | undefined;
}

const DEFAULT_TIMEOUT = 10_000;

/**
 * Probes every address of an endpoint, a few at a time, and yields one record for each in the resolver's
 * order; one for all where a proxy resolves names. A host without addresses yields one failed record. Leaving the loop early cancels the rest.
 */
export async function* probeAll(
  endpoint: Endpoint,
  options: ProbeAllOptions = {},
): AsyncGenerator<Handshake, void, undefined> {
  const { connectHost = endpoint.host, concurrency = 4, timeoutMs = DEFAULT_TIMEOUT } = options;
  const { route = DIRECT } = options;
  if (resolvesRemotely(route)) {
    yield await probe(endpoint, options);
    return;
  }
  const leave = new AbortController();
  const signal =
    options.signal === undefined ? leave.signal : AbortSignal.any([options.signal, leave.signal]);
  const startedAt = new Date().toISOString();
  const start = performance.now();
  const addresses = await findAddresses(connectHost, route, { timeoutMs, signal });
  if (!addresses.ok) {
    yield unresolvedHandshake(endpoint, options, addresses.error, startedAt);
    return;
  }
  const dnsTime = isIP(connectHost) === 0 ? performance.now() - start : undefined;
  const started: Promise<Handshake>[] = [];
  const startNext = (): void => {
    const address = addresses.value[started.length];
    if (address !== undefined)
      started.push(probe(endpoint, { ...options, timeoutMs, signal, address, dnsTime }));
  };
  try {
    for (let i = 0; i < concurrency; i++) startNext();
    for (let i = 0; i < started.length; i++) {
      const handshake = await started[i];
      startNext();
      if (handshake !== undefined) yield handshake;
    }
  } finally {
    leave.abort();
    await Promise.allSettled(started);
  }
}
