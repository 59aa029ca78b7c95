import { hash } from "node:crypto";
import { isIP } from "node:net";
import { ok } from "../x509/result.ts";
import type { FollowUpOptions } from "./follow-up/follow-up.ts";
import { speaksHttp } from "./follow-up/request-path.ts";
import type { RequestPlan } from "./follow-up/request-record.ts";
import type { Endpoint, Handshake, HandshakeFailure } from "./handshake.ts";
import { isHelloName, knownHello } from "./hellos/known-hellos.ts";
import { Leash } from "./leash.ts";
import { Recorder } from "./recorder.ts";
import { findAddresses } from "./find-addresses.ts";
import type { ProxyReply } from "./routes/http-connect.ts";
import { openRoute } from "./routes/open-route.ts";
import { DIRECT, resolvesRemotely } from "./routes/route.ts";
import { isUpgradeScheme } from "./schemes.ts";
import { exchangeTls } from "./tls-exchange.ts";
import { dialFacts, type DialFacts, unresolvedHandshake } from "./unresolved.ts";
import type { Keyring } from "./tls/client-options.ts";
import type { Session, Sessions } from "./tls/sessions.ts";
import { TlsClient } from "./tls/client.ts";
import { ThriftyEntropy } from "./tls/entropy.ts";
import type { EngineEvent } from "./tls/events.ts";
import type { HelloShape } from "./tls/hello-shape.ts";
import { ServerKeys } from "./tls/server-key.ts";

/** How one conversation is to be made. */
export interface ProbeOptions extends DialFacts {
  /** IP literal to dial; absent: the first address of the host, or the name where a proxy resolves it. */
  readonly address?: string | undefined;
  /** Host to dial instead of the endpoint's own. */
  readonly connectHost?: string | undefined;
  /** Milliseconds for the whole conversation. @default 10000 */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds for each phase; absent: as long as there is time for the whole. */
  readonly phaseTimeoutMs?: number | undefined;
  /** Ends the conversation and frees its socket at once. */
  readonly signal?: AbortSignal | undefined;
  /** What the client has to authenticate itself with. @default nothing */
  readonly keyring?: Keyring | undefined;
  /** Protocols for ALPN, in order of preference. @default those of the shape */
  readonly alpn?: readonly string[] | undefined;
  /** What the hello offers. @default that of the client which `hello` names, or WIDE_HELLO */
  readonly shape?: HelloShape | undefined;
  /** Events of the engine of which one is enough: then the conversation is left. @default none */
  readonly until?: readonly EngineEvent["kind"][] | undefined;
  /** Whether to wait a moment for the tickets that a TLS 1.3 server sends after the handshake. @default false */
  readonly readsOn?: boolean | undefined;
  /** Takes what the server gives to resume the session with. @default none */
  readonly sessions?: Sessions | undefined;
  /** Session to offer; to be left with `until` after `server-hello`. @default none */
  readonly resume?: Session | undefined;
  /** Request that is made after a complete handshake, or upgrade for the scheme `wss`. @default none */
  readonly request?: RequestPlan | undefined;
  /** Milliseconds that finding the address took, for the record. */
  readonly dnsTime?: number | undefined;
}

/** Keys of servers that were probed before. */
const SERVER_KEYS = new ServerKeys();

/** Key shares that servers did not choose serve the next conversation. */
const ENTROPY = new ThriftyEntropy();

const DEFAULT_TIMEOUT = 10_000;

/**
 * Makes one conversation with one address over one connection, without retries. Whatever the peer or the
 * network does ends in a record; the socket is closed when the promise settles.
 */
export async function probe(endpoint: Endpoint, options: ProbeOptions = {}): Promise<Handshake> {
  const startedAt = new Date().toISOString();
  const start = performance.now();
  const { timeoutMs = DEFAULT_TIMEOUT, route = DIRECT } = options;
  const host = options.connectHost ?? endpoint.host;
  const given = options.address;
  const found =
    given !== undefined
      ? ok([given])
      : resolvesRemotely(route)
        ? ok([])
        : await findAddresses(host, route, { timeoutMs, signal: options.signal });
  if (!found.ok) return unresolvedHandshake(endpoint, options, found.error, startedAt);
  const [address = null] = found.value;
  const now = performance.now();
  const resolved = given === undefined && address !== null && isIP(host) === 0;
  const dns = resolved ? now - start : (options.dnsTime ?? null);
  const { hello = options.shape === undefined ? "wide" : "custom" } = options;
  const facts = { ...dialFacts(endpoint, { ...options, hello }), address, dns };
  const recorder = new Recorder(facts, startedAt, now);
  const leash = new Leash({ ...options, timeoutMs: Math.max(0, timeoutMs - (now - start)) });
  try {
    const failure = await converse(address ?? host, options, { recorder, leash });
    if (failure !== null)
      recorder.add({ kind: "failed", failure, firstBytes: null }, performance.now());
  } finally {
    leash.release();
  }
  const handshake = recorder.finish();
  if (options.request === undefined || handshake.outcome !== "complete" || !speaksHttp(endpoint))
    return handshake;
  const server = { host: address ?? host, port: handshake.dialledPort };
  const { followUp } = await import("./follow-up/follow-up.ts");
  return {
    ...handshake,
    request: await followUp(options.request, {
      ...followUpFacts(handshake, options),
      route,
      server,
      timeoutMs,
    }),
  };
}

/** A follow-up names the server as the handshake did, and shows the certificate that was shown in it. */
function followUpFacts(
  { endpoint, serverName, clientCertificateAnswer: answer }: Handshake,
  { keyring, signal }: ProbeOptions,
): Pick<FollowUpOptions, "authority" | "serverName" | "keyring" | "webSocket" | "signal"> {
  const shown = (keyring?.certificates ?? []).filter(
    ({ chain: [own] }) =>
      answer?.kind === "sent" && own !== undefined && hash("sha256", own, "hex") === answer.sha256,
  );
  const host = serverName ?? endpoint.host;
  const bracketed = host.includes(":") ? `[${host}]` : host;
  return {
    authority: endpoint.port === 443 ? bracketed : `${bracketed}:${endpoint.port}`,
    serverName,
    keyring: keyring === undefined ? null : { ...keyring, certificates: shown },
    webSocket: endpoint.scheme === "wss",
    signal,
  };
}

const shapeOf = (hello: ProbeOptions["hello"]): HelloShape | undefined =>
  hello !== undefined && isHelloName(hello) ? knownHello(hello).shape : undefined;

/** What one conversation carries from phase to phase. */
interface Conversation {
  readonly recorder: Recorder;
  readonly leash: Leash;
}

/**
 * The phases in their order: the way to the server, what is said before TLS, TLS. A failure before TLS is
 * returned; the dialog and the engine report their own.
 */
async function converse(
  host: string,
  options: ProbeOptions,
  { recorder, leash }: Conversation,
): Promise<HandshakeFailure | null> {
  const { endpoint, serverName, dialledPort: port } = recorder.finish();
  // loaded ahead: nobody listens on the connection while modules are read
  const dialogs = isUpgradeScheme(endpoint.scheme) ? await import("./speak-dialog.ts") : null;
  const progress = {
    connected: () => recorder.connected(performance.now()),
    tunnelled: () => recorder.prelude("proxy", performance.now()),
    replied: (reply: ProxyReply) => recorder.proxyReplied(reply),
  };
  const opened = await openRoute(options.route ?? DIRECT, { host, port }, { leash, progress });
  if (!opened.ok) return opened.error;
  const { socket } = opened.value;
  const spoken =
    dialogs === null
      ? { rest: opened.value.early, framing: null }
      : await dialogs.speakDialog(socket, opened.value.early, { recorder, leash });
  if (spoken === null) return null;
  const { rest: early, framing } = spoken;
  const shape = options.shape ?? shapeOf(options.hello);
  const engine = new TlsClient({
    serverName,
    keyring: options.keyring ?? null,
    serverKeys: SERVER_KEYS,
    entropy: ENTROPY,
    ...(shape === undefined ? {} : { shape }),
    ...(options.alpn === undefined ? {} : { alpn: options.alpn }),
    ...(options.until === undefined ? {} : { until: options.until }),
    readsOn: options.readsOn ?? false,
    sessions: options.sessions ?? null,
    resume: options.resume ?? null,
  });
  await exchangeTls({ socket, engine, recorder, leash, framing, early });
  return null;
}
