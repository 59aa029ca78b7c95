import type { Endpoint, Handshake, HandshakeFailure } from "../probe/handshake.ts";
import type { Result } from "../x509/result.ts";
import type { ClientIdentity } from "./identity.ts";

/** One conversation to make. */
export interface ProbeRequest {
  readonly endpoint: Endpoint;
  /** IP literal to dial. */
  readonly address: string;
  readonly port: number;
  /** Name to send instead of the endpoint's host; null for the host. */
  readonly serverName: string | null;
  readonly identity: ClientIdentity | null;
  /** Milliseconds for the whole conversation. */
  readonly timeout: number;
  /** Ends the conversation at once. */
  readonly signal: AbortSignal;
}

/** How the daemon reaches the network. Neither function rejects. */
export interface Prober {
  /** Every address of a host, IP literals included, in the resolver's order. */
  readonly resolve: (
    host: string,
    timeout: number,
    signal: AbortSignal,
  ) => Promise<Result<readonly string[], HandshakeFailure>>;
  readonly handshake: (request: ProbeRequest) => Promise<Handshake>;
}
