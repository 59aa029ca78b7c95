import type { IncomingMessage, Server } from "node:http";
import { type AddressInfo, isIPv6 } from "node:net";
import type { Duplex } from "node:stream";
import fastify from "fastify";
import { fail, ok, type Result } from "../../x509/result.ts";
import type { ListenAddress } from "../listen-address.ts";
import type { DaemonLog } from "../log.ts";
import { AccessControl, admitsAlike, type HttpAccess, OPEN } from "./access/access.ts";
import { apiOperations } from "./api/operations.ts";
import type { ApiSources } from "./api/sources.ts";
import type { BlackboxProbes } from "./blackbox-probes.ts";
import { compress } from "./compress.ts";
import { addProbeRoute, PROBE } from "./probe-route.ts";
import { addApiRoutes, refuseOtherMethods } from "./api-routes.ts";
import { guard } from "./guard.ts";
import { HTTP_LIMITS, type HttpLimits } from "./limits.ts";
import { openListener, type TlsListener } from "./listener.ts";
import type { LiveFeed } from "./live-feed.ts";
import { refusal } from "./problem.ts";
import { refuse } from "./reply.ts";
import { addRoutes, type RouteSources } from "./routes.ts";
import { EVENTS, takeUpgrade } from "./upgrade.ts";

/** What the server shows. */
export interface HttpSources extends RouteSources, Omit<ApiSources, keyof RouteSources> {
  readonly feed: LiveFeed;
  readonly probes: BlackboxProbes;
  readonly log: DaemonLog;
}

/** How the server is opened. */
export interface HttpOptions {
  readonly listen: ListenAddress;
  /** @default everybody may read, over HTTP */
  readonly access?: HttpAccess;
  readonly limits?: Partial<HttpLimits>;
}

/** A server that listens. */
export interface HttpServer {
  /** `http://127.0.0.1:9643/` */
  readonly url: string;
  /**
   * Takes other tokens, names, certificates and client certificates over. Whether there is TLS, and whether client
   * certificates are asked for, stays as it is until the next start.
   */
  readonly adopt: (access: HttpAccess) => void;
  /** Cuts every connection and stops listening. */
  readonly close: () => Promise<void>;
}

/** Opens the page, the metrics and the API. The error is one sentence. */
export async function startHttpServer(
  sources: HttpSources,
  { listen, access: first = OPEN, limits: given = {} }: HttpOptions,
): Promise<Result<HttpServer, string>> {
  const limits = { ...HTTP_LIMITS, ...given };
  const control = new AccessControl(first, sources.clock, limits);
  let access = first;
  let listener: TlsListener | null = null;
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 2048 },
    frameworkErrors: (error, _request, reply) => {
      void refuse(reply, refusal("invalid-request", error.message.slice(0, 200)));
    },
    serverFactory: (handler) => {
      const opened = openListener(handler, { tls: access.tls, limits, control });
      listener = opened.tls;
      return opened.server;
    },
  });
  app.removeContentTypeParser("text/plain");
  const principals = guard(app, control, sources.log);
  compress(app);
  const paths = addRoutes(app, sources, principals);
  addProbeRoute(app, sources.probes, control);
  const { log } = sources;
  const operations = apiOperations(sources);
  const methods = addApiRoutes(app, operations, { access: control, principals, log });
  app.get(EVENTS, (_request, reply) => {
    reply.header("upgrade", "websocket").header("connection", "upgrade");
    return refuse(reply, refusal("upgrade-required", "This path speaks WebSocket"));
  });
  const readable = [...paths, EVENTS].map((path) => [path, ["GET"]] as const);
  refuseOtherMethods(app, new Map([...methods, ...readable, [PROBE, ["GET"]]]));
  const { server } = app;
  const upgraded = new Set<Duplex>();
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgraded.add(socket);
    socket.once("close", () => upgraded.delete(socket));
    // the socket is ours now, and an error on it would otherwise end the process
    socket.on("error", () => socket.destroy());
    takeUpgrade({ request, socket, head }, sources.feed, control);
  });
  try {
    const host = listen.host.toLowerCase() === "localhost" ? "127.0.0.1" : listen.host;
    await app.listen({ host, port: listen.port });
  } catch (error) {
    await app.close();
    return fail(listenFailure(error, listen));
  }
  return ok({
    url: urlOf(server, access.tls !== null),
    adopt: (next) => {
      if (!admitsAlike(access, next)) {
        control.adopt(next);
        // whoever follows has to show again that he may
        for (const socket of upgraded) socket.destroy();
      }
      if (next.tls !== null) listener?.setSecureContext(next.tls);
      access = next;
    },
    close: async () => {
      for (const socket of upgraded) socket.destroy();
      await app.close();
    },
  });
}

function listenFailure(error: unknown, { host, port }: ListenAddress): string {
  const where = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  switch (code) {
    case "EADDRINUSE":
      return `Another program listens on ${where} already; choose another port with --listen HOST:PORT`;
    case "EACCES":
      return `This user may not listen on ${where}; choose a port above 1023 with --listen HOST:PORT`;
    case "EADDRNOTAVAIL":
      return `This machine has no address ${host}; choose another with --listen HOST:PORT`;
    default:
      return `Listening on ${where} failed: ${code}`;
  }
}

function urlOf(server: Server, encrypted: boolean): string {
  // a listening TCP server always has such an address
  const { address, port } = server.address() as AddressInfo;
  const host = isIPv6(address) ? `[${address}]` : address;
  return `${encrypted ? "https" : "http"}://${host}:${port}/`;
}
