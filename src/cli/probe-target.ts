import { configuredKeyring } from "../probe/tls/client-options.ts";
import type { ClientIdentity } from "../daemon/identity.ts";
import { parseHostPort } from "../estate/host-port.ts";
import type { Endpoint, Handshake } from "../probe/handshake.ts";
import { probeAll, type ProbeAllOptions } from "../probe/probe-all.ts";
import type { CheckOptions } from "./check.ts";
import { UsageError } from "./usage-error.ts";

/** The part of the options of `check` that says how to reach a target. @throws {UsageError} */
export function probeOptions(
  { timeout, connect, servername }: CheckOptions,
  identity: ClientIdentity | null,
): ProbeAllOptions {
  const dialled = connect === undefined ? null : parseHostPort(connect);
  if (connect !== undefined && dialled === null)
    throw new UsageError(
      `--connect: ${JSON.stringify(connect)} is no HOST, HOST:PORT or [V6]:PORT`,
    );
  return {
    timeoutMs: timeout,
    connectHost: dialled?.host,
    port: dialled?.port ?? undefined,
    serverName: servername,
    keyring: identity === null ? undefined : configuredKeyring(identity),
  };
}

/** One handshake with every address of a target, in the resolver's order. */
export async function probeTarget(
  endpoint: Endpoint,
  options: ProbeAllOptions,
): Promise<readonly Handshake[]> {
  const handshakes: Handshake[] = [];
  for await (const handshake of probeAll(endpoint, options)) handshakes.push(handshake);
  return handshakes;
}
