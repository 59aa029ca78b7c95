import { isIP } from "node:net";
import type { Endpoint, Handshake, HandshakeFailure, HelloSent } from "./handshake.ts";
import { Recorder } from "./recorder.ts";
import { proxyRecord } from "./routes/proxy-record.ts";
import { DIRECT, type Route } from "./routes/route.ts";

/** What the caller of a probe settles beside the endpoint. */
export interface DialFacts {
  /** Port to dial instead of the endpoint's. */
  readonly port?: number | undefined;
  /** Name for SNI; null for none; absent: the endpoint's host, unless that is an IP literal. */
  readonly serverName?: string | null | undefined;
  /** Whose hello is sent. @default wide */
  readonly hello?: HelloSent | undefined;
  /** The way to the server. @default DIRECT */
  readonly route?: Route | undefined;
}

/** The parts of a record that are known before anything is sent. */
export function dialFacts(
  endpoint: Endpoint,
  {
    port = endpoint.port,
    serverName = nameOf(endpoint.host),
    hello = "wide",
    route = DIRECT,
  }: DialFacts,
): Pick<Handshake, "endpoint" | "serverName" | "dialledPort" | "proxy" | "hello"> {
  const proxy = route.proxy === null ? null : proxyRecord(route.proxy);
  return { endpoint, serverName, dialledPort: port, proxy, hello };
}

/** What SNI asks for: never an address, never the dot of an absolute name (RFC 6066 section 3). */
function nameOf(host: string): string | null {
  return isIP(host) === 0 ? host.replace(/\.$/, "") : null;
}

/** The record of a conversation that ended before there was an address. `startedAt` is RFC 3339. */
export function unresolvedHandshake(
  endpoint: Endpoint,
  facts: DialFacts,
  failure: HandshakeFailure,
  startedAt: string,
): Handshake {
  const recorder = new Recorder(
    { ...dialFacts(endpoint, facts), address: null, dns: null },
    startedAt,
    0,
  );
  recorder.add({ kind: "failed", failure, firstBytes: null }, 0);
  return recorder.finish();
}
