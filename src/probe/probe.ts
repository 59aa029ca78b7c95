import { isIP } from "node:net";
import { ok } from "../x509/result.ts";
import type { Endpoint, Handshake, HandshakeFailure } from "./handshake.ts";
import { Leash } from "./leash.ts";
import type { Framing, PreludePart } from "./prelude.ts";
import { Recorder } from "./recorder.ts";
import { resolveAddresses } from "./resolve.ts";
import { dial } from "./routes/direct.ts";
import { runPrelude } from "./run-prelude.ts";
import { exchangeTls } from "./tls-exchange.ts";
import { dialFacts, type DialFacts, unresolvedHandshake } from "./unresolved.ts";
import type { ClientCertificate } from "./tls/client-options.ts";
import { TlsClient } from "./tls/client.ts";
import type { HelloShape } from "./tls/hello-shape.ts";
import { ServerKeys } from "./tls/server-key.ts";

/** How one conversation is to be made. */
export interface ProbeOptions extends DialFacts {
  /** IP literal to dial; absent: the first address of the endpoint's host. */
  readonly address?: string | undefined;
  /** Milliseconds for the whole conversation. @default 10000 */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds for each phase; absent: as long as there is time for the whole. */
  readonly phaseTimeoutMs?: number | undefined;
  /** Ends the conversation and frees its socket at once. */
  readonly signal?: AbortSignal | undefined;
  /** Sent when the server asks for a client certificate. */
  readonly clientCertificate?: ClientCertificate | undefined;
  /** Protocols for ALPN, in order of preference. @default [] */
  readonly alpn?: readonly string[] | undefined;
  /** What the hello offers. @default WIDE_HELLO */
  readonly shape?: HelloShape | undefined;
  /** Milliseconds that finding the address took, for the record. */
  readonly dnsTime?: number | undefined;
}

/** Keys of servers that were probed before. */
const SERVER_KEYS = new ServerKeys();

const DEFAULT_TIMEOUT = 10_000;

/**
 * Makes one conversation with one address over one TCP connection, without retries. Whatever the peer or
 * the network does ends in a record; the socket is closed when the promise settles.
 */
export async function probe(endpoint: Endpoint, options: ProbeOptions = {}): Promise<Handshake> {
  const startedAt = new Date().toISOString();
  const start = performance.now();
  const { timeoutMs = DEFAULT_TIMEOUT, signal } = options;
  const given = options.address;
  const addresses =
    given === undefined
      ? await resolveAddresses(endpoint.host, { timeoutMs, signal })
      : ok([given]);
  if (!addresses.ok) return unresolvedHandshake(endpoint, options, addresses.error, startedAt);
  const [address = endpoint.host] = addresses.value;
  const now = performance.now();
  const resolved = given === undefined && isIP(endpoint.host) === 0;
  const dns = resolved ? now - start : (options.dnsTime ?? null);
  const recorder = new Recorder({ ...dialFacts(endpoint, options), address, dns }, startedAt, now);
  const leash = new Leash({ ...options, timeoutMs: Math.max(0, timeoutMs - (now - start)) });
  try {
    const failure = await converse(address, options, { recorder, leash });
    if (failure !== null)
      recorder.add({ kind: "failed", failure, firstBytes: null }, performance.now());
  } finally {
    leash.release();
  }
  return recorder.finish();
}

/** What one conversation carries from phase to phase. */
interface Conversation {
  readonly recorder: Recorder;
  readonly leash: Leash;
}

/**
 * The phases in their order: connection, what is said before TLS, TLS. A failure before TLS is returned;
 * from there on the engine reports its own.
 */
async function converse(
  address: string,
  options: ProbeOptions,
  { recorder, leash }: Conversation,
): Promise<HandshakeFailure | null> {
  const { serverName, dialledPort: port } = recorder.finish();
  const dialled = await dial({ address, port }, leash);
  if (!dialled.ok) return dialled.error;
  const socket = dialled.value;
  recorder.connected(performance.now());
  let early: Uint8Array | null = null;
  let framing: Framing | null = null;
  for (const part of preludes()) {
    const spoken = await runPrelude(socket, part, { leash, early });
    if (!spoken.ok) return spoken.error;
    ({ rest: early, framing } = spoken.value);
    recorder.prelude(part.phase, performance.now());
  }
  const engine = new TlsClient({
    serverName,
    alpn: options.alpn ?? [],
    clientCertificate: options.clientCertificate ?? null,
    serverKeys: SERVER_KEYS,
    ...(options.shape === undefined ? {} : { shape: options.shape }),
  });
  await exchangeTls({ socket, engine, recorder, leash, framing, early });
  return null;
}

/** What is said before TLS, in order: to the proxy, then in the endpoint's own protocol. */
function preludes(): readonly PreludePart[] {
  return [];
}
