import type { Socket } from "node:net";
import { fail, ok, type Result } from "../../x509/result.ts";
import type { HandshakeFailure } from "../handshake.ts";
import type { Leash } from "../leash.ts";
import type { PreludePart } from "../prelude.ts";
import { resolveAddresses } from "../resolve.ts";
import { runPrelude } from "../run-prelude.ts";
import { dial } from "./direct.ts";
import { HttpConnect, type ProxyReply, type TunnelEnd } from "./http-connect.ts";
import { proxyProtocolHeader } from "./proxy-protocol.ts";
import { secureProxy } from "./proxy-tls.ts";
import { type Proxy, proxyName, type Route } from "./route.ts";
import { Socks5 } from "./socks5.ts";

/** Told as the way is made, for the record. */
export interface RouteProgress {
  /** The TCP connection stands, to the server or to its proxy. */
  connected(): void;
  /** The proxy's tunnel is open. */
  tunnelled(): void;
  /** What the proxy said to the wish for a tunnel. */
  replied(reply: ProxyReply): void;
}

/** A connection to a server, by whatever way. */
export interface OpenedRoute {
  readonly socket: Socket;
  /** What arrived behind the proxy's answer; null: nothing. */
  readonly early: Uint8Array | null;
}

/**
 * Makes a connection to a server: straight or through a proxy, with a PROXY protocol header ahead where one
 * is asked for. `server.host` is an IP literal, or a name where the proxy resolves. On failure no socket is
 * left open. Never rejects.
 */
export async function openRoute(
  route: Route,
  server: TunnelEnd,
  { leash, progress }: { readonly leash: Leash; readonly progress: RouteProgress },
): Promise<Result<OpenedRoute, HandshakeFailure>> {
  const { proxy, source } = route;
  const connection =
    proxy === null
      ? await dial({ address: server.host, port: server.port, source }, leash)
      : await dialProxy(proxy, route, leash);
  if (!connection.ok) return connection;
  progress.connected();
  const opened: Result<OpenedRoute, HandshakeFailure> =
    proxy === null
      ? ok({ socket: connection.value, early: null })
      : await openTunnel(connection.value, proxy, { server, leash, progress });
  if (!opened.ok) return opened;
  if (route.proxyProtocol !== null) {
    const { socket } = opened.value;
    const { localAddress, localPort } = connection.value;
    socket.write(
      proxyProtocolHeader(
        route.proxyProtocol,
        { address: localAddress, port: localPort },
        { address: server.host, port: server.port },
      ),
    );
  }
  return opened;
}

async function openTunnel(
  connection: Socket,
  proxy: Proxy,
  {
    server,
    leash,
    progress,
  }: { readonly server: TunnelEnd; readonly leash: Leash; readonly progress: RouteProgress },
): Promise<Result<OpenedRoute, HandshakeFailure>> {
  const secured =
    proxy.kind === "https" ? await secureProxy(connection, proxy, leash) : ok(connection);
  if (!secured.ok) return secured;
  const note = (reply: ProxyReply): void => progress.replied(reply);
  const part: PreludePart = {
    phase: "proxy",
    peer: `Proxy ${proxyName(proxy)}`,
    prelude:
      proxy.kind === "http" || proxy.kind === "https"
        ? new HttpConnect(proxy, server, note)
        : new Socks5(proxy, server, note),
  };
  const spoken = await runPrelude(secured.value, part, { leash, early: null });
  if (!spoken.ok) return spoken;
  progress.tunnelled();
  return ok({ socket: secured.value, early: spoken.value.rest });
}

/** Dials the addresses of a proxy one after another until one answers. */
async function dialProxy(
  proxy: Proxy,
  { source, resolvers }: Route,
  leash: Leash,
): Promise<Result<Socket, HandshakeFailure>> {
  const looking = new AbortController();
  leash.hold(() => looking.abort());
  const addresses = await resolveAddresses(proxy.host, {
    timeoutMs: leash.leftMs,
    signal: looking.signal,
    resolvers,
  });
  if (!addresses.ok) return fail(ofProxy(proxy, addresses.error));
  let failure: HandshakeFailure = { code: "proxy-unreachable", message: "No address" };
  for (const address of addresses.value) {
    const dialled = await dial({ address, port: proxy.port, source }, leash);
    if (dialled.ok) return dialled;
    failure = ofProxy(proxy, dialled.error);
    if (leash.ended !== null) break;
  }
  return fail(failure);
}

/** A failure to reach the proxy is none of the server's. */
function ofProxy(proxy: Proxy, { code, message }: HandshakeFailure): HandshakeFailure {
  if (code === "cancelled") return { code, message };
  return {
    code: code === "timeout-connect" ? "timeout-proxy" : "proxy-unreachable",
    message: `Proxy ${proxyName(proxy)}: ${message}`,
  };
}
