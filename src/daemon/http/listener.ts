import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { AccessControl } from "./access/access.ts";
import type { ServerTls } from "./access/server-tls.ts";
import { placeOf } from "./access/rate-limit.ts";
import type { HttpLimits } from "./limits.ts";
import { endBarely } from "./bare-answer.ts";

/** A listener whose certificate can be replaced. */
export type TlsListener = Pick<TlsServer, "setSecureContext">;

const MAX_HEADERS = 16_384;
const KEEP_ALIVE = 75_000;
const LATENESS = 1000;

/** Makes the server below the routes: with or without TLS, with bounds on what connections may cost. */
export function openListener(
  handler: RequestListener,
  options: {
    readonly tls: ServerTls | null;
    readonly limits: HttpLimits;
    readonly control: AccessControl;
  },
): { readonly server: Server; readonly tls: TlsListener | null } {
  const { tls, limits, control } = options;
  const { requestTimeout } = limits;
  const settings = {
    maxHeaderSize: MAX_HEADERS,
    requestTimeout,
    headersTimeout: requestTimeout,
    keepAliveTimeout: KEEP_ALIVE,
    connectionsCheckingInterval: Math.min(LATENESS, requestTimeout),
    // other upgrades, such as a client's offer of HTTP/2, are passed over as the standard wants
    shouldUpgradeCallback: ({ headers }: IncomingMessage): boolean =>
      headers.upgrade?.toLowerCase() === "websocket",
  };
  const encrypted =
    tls === null
      ? null
      : createTlsServer(
          { ...settings, ...tls, rejectUnauthorized: false, handshakeTimeout: requestTimeout },
          handler,
        );
  const server = encrypted ?? createServer(settings, handler);
  server.maxConnections = limits.connections;
  server.timeout = limits.idleTimeout;
  server.on("clientError", answerMalformed);
  boundPlaces(server, limits.connectionsPerPlace);
  encrypted?.on("connection", (socket: Socket) => control.connecting(socket));
  encrypted?.on("secureConnection", (socket) => control.connected(socket));
  return { server, tls: encrypted };
}

/** What cannot be read as a request has no route, and gets the barest answer. */
function answerMalformed(error: Error, socket: Duplex): void {
  const code = "code" in error ? error.code : "";
  if (code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    code === "HPE_HEADER_OVERFLOW"
      ? "431 Request Header Fields Too Large"
      : code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? "408 Request Timeout"
        : "400 Bad Request";
  endBarely(socket, status, { "Content-Length": "0" }, "");
}

/** One place must not take all connections away from the others. */
function boundPlaces(server: Server | TlsServer, most: number): void {
  const counts = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    const place = placeOf(socket.remoteAddress);
    const count = (counts.get(place) ?? 0) + 1;
    counts.set(place, count);
    socket.once("close", () => {
      const left = (counts.get(place) ?? 1) - 1;
      if (left === 0) counts.delete(place);
      else counts.set(place, left);
    });
    if (count > most) socket.destroy();
  });
}
