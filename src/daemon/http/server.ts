import type { IncomingMessage, Server } from "node:http";
import { type AddressInfo, isIPv6 } from "node:net";
import { type Duplex, Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { fail, ok, type Result } from "../../x509/result.ts";
import { endpointToJson, truststoreToJson } from "../endpoint-json.ts";
import { estateExposition, EXPOSITION_TYPE } from "../exposition.ts";
import type { Health } from "../health.ts";
import { linkToJson } from "../link-json.ts";
import type { ListenAddress } from "../listen-address.ts";
import type { LiveFeed } from "./live-feed.ts";
import type { OwnMetrics } from "../own-metrics.ts";
import { problem, PROBLEM_TYPE } from "./problem.ts";
import { refuseHost, refuseOrigin, type Refusal, SECURITY_HEADERS } from "./request-guard.ts";
import type { State } from "../state.ts";
import type { PageFile } from "./static-page.ts";
import type { TruststoreSummary } from "../truststore-summary.ts";

/** What the server shows. */
export interface HttpSources {
  readonly state: State;
  readonly health: Health;
  readonly metrics: OwnMetrics;
  readonly feed: LiveFeed;
  readonly truststores: () => readonly TruststoreSummary[];
  /** By path; see loadPage. */
  readonly page: ReadonlyMap<string, PageFile>;
}

/** A server that listens. */
export interface HttpServer {
  /** `http://127.0.0.1:9643/` */
  readonly url: string;
  /** Cuts every connection and stops listening. */
  readonly close: () => Promise<void>;
}

const MAX_CONNECTIONS = 512;
const MAX_BODY = 1024;
const MAX_HEADERS = 16_384;
const REQUEST_TIMEOUT = 10_000;
const KEEP_ALIVE = 75_000;

const EVENTS = "/api/v1/events";

/** Opens the page, the metrics and the API. The error is one sentence. */
export async function startHttpServer(
  sources: HttpSources,
  listen: ListenAddress,
): Promise<Result<HttpServer, string>> {
  const app = fastify({
    logger: false,
    bodyLimit: MAX_BODY,
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE,
    forceCloseConnections: true,
    // other upgrades, such as a client's offer of HTTP/2, are passed over as the standard wants
    http: { maxHeaderSize: MAX_HEADERS, shouldUpgradeCallback: wantsWebSocket },
  });
  guard(app);
  routes(app, sources);
  const { server } = app;
  server.maxConnections = MAX_CONNECTIONS;
  const upgraded = new Set<Duplex>();
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgraded.add(socket);
    socket.once("close", () => upgraded.delete(socket));
    // the socket is ours now, and an error on it would otherwise end the process
    socket.on("error", () => socket.destroy());
    upgrade(request, socket, head, sources.feed);
  });
  try {
    const host = listen.host.toLowerCase() === "localhost" ? "127.0.0.1" : listen.host;
    await app.listen({ host, port: listen.port });
  } catch (error) {
    await app.close();
    return fail(listenFailure(error, listen));
  }
  return ok({
    url: urlOf(server),
    close: async () => {
      for (const socket of upgraded) socket.destroy();
      await app.close();
    },
  });
}

const wantsWebSocket = ({ headers }: IncomingMessage): boolean =>
  headers.upgrade?.toLowerCase() === "websocket";

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

function urlOf(server: Server): string {
  // a listening TCP server always has such an address
  const { address, port } = server.address() as AddressInfo;
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}/`;
}

function guard(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const refusal = refuseHost(request.headers);
    if (refusal !== null) return refuse(reply, refusal.status, refusal.detail);
    return undefined;
  });
  app.setNotFoundHandler((request, reply) => {
    const readable = request.method === "GET" || request.method === "HEAD";
    if (readable) return refuse(reply, 404, "There is nothing at this path");
    reply.header("allow", "GET, HEAD");
    return refuse(reply, 405, "Only GET and HEAD are allowed");
  });
  app.setErrorHandler((error, _request, reply) => {
    const status =
      error instanceof Error && "statusCode" in error && typeof error.statusCode === "number"
        ? error.statusCode
        : 500;
    // only errors about the request itself have texts that are meant for the one who sent it
    const detail = status < 500 && error instanceof Error ? error.message : "Internal error";
    return refuse(reply, status, detail);
  });
}

const refuse = (reply: FastifyReply, status: number, detail: string): FastifyReply =>
  reply.code(status).type(PROBLEM_TYPE).send(problem(status, detail));

function routes(app: FastifyInstance, sources: HttpSources): void {
  const { state, health, metrics, page, truststores } = sources;
  for (const [path, file] of page)
    app.get(path, (request, reply) => {
      reply.header("cache-control", "no-cache").header("etag", file.etag);
      if (request.headers["if-none-match"] === file.etag) return reply.code(304).send();
      return reply.type(file.type).send(file.body);
    });
  const json = (path: string, read: () => object): void => {
    app.get(path, (_request, reply) =>
      reply
        .header("cache-control", "no-store")
        .type("application/json; charset=utf-8")
        .send(JSON.stringify(read())),
    );
  };
  json("/api/v1/links", () => ({
    sequence: state.sequence,
    links: state.links.map(linkToJson),
  }));
  json("/api/v1/endpoints", () => ({
    sequence: state.sequence,
    endpoints: state.endpoints.map(endpointToJson),
  }));
  json("/api/v1/truststores", () => ({ truststores: truststores().map(truststoreToJson) }));
  json("/healthz", () => ({
    status: health.problems.length === 0 ? "ok" : "degraded",
    problems: health.problems,
  }));
  app.get("/readyz", (_request, reply) => {
    reply.header("cache-control", "no-store");
    if (state.complete) return reply.send({ status: "ready" });
    return refuse(reply, 503, "The first round of probes is not complete");
  });
  app.get(EVENTS, (_request, reply) => {
    reply.header("upgrade", "websocket").header("connection", "upgrade");
    return refuse(reply, 426, "This path speaks WebSocket");
  });
  app.get("/metrics", (_request, reply) =>
    reply
      .header("cache-control", "no-store")
      .type(EXPOSITION_TYPE)
      .send(Readable.from(metricParts(metrics, state, truststores()))),
  );
}

async function* metricParts(
  metrics: OwnMetrics,
  state: State,
  truststores: readonly TruststoreSummary[],
): AsyncGenerator<string> {
  for (const part of estateExposition(state, truststores)) {
    yield part;
    // other work gets its turn between parts
    await setImmediate();
  }
  yield await metrics.text();
}

function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, feed: LiveFeed): void {
  const path = (request.url ?? "").split("?", 1)[0];
  const refusal: Refusal | { readonly status: 404 | 503; readonly detail: string } | null =
    refuseHost(request.headers) ??
    refuseOrigin(request.headers) ??
    (path === EVENTS ? null : { status: 404, detail: "There is nothing at this path" }) ??
    (feed.full ? { status: 503, detail: "Too many readers follow already" } : null);
  if (refusal === null) {
    feed.accept(request, socket, head);
    return;
  }
  const body = JSON.stringify(problem(refusal.status, refusal.detail));
  socket.end(
    [
      `HTTP/1.1 ${refusal.status} ${problem(refusal.status, "").title}`,
      `Content-Type: ${PROBLEM_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
      "Connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}
