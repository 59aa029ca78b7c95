import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Answer, Asking } from "./follow-up.ts";

/** Opens a WebSocket (RFC 6455) and closes it again. Rejects when the server does not answer. */
export async function upgrade(
  socket: TLSSocket,
  { plan, authority, signal }: Asking,
): Promise<Answer> {
  const { WebSocket } = await import("ws");
  return new Promise((resolve, reject) => {
    // the connection is secure already, so the scheme that adds TLS would add it twice
    const webSocket = new WebSocket(`ws://${authority}${plan.path}`, {
      createConnection: () => socket,
      headers: { "user-agent": "anchorwatch", ...plan.headers },
      maxPayload: 64 * 1024,
    });
    const answered = (message: IncomingMessage): void => {
      resolve({
        status: message.statusCode ?? 0,
        reason: message.statusMessage ?? "",
        header: (name) => {
          const value = message.headers[name];
          return (Array.isArray(value) ? value[0] : value) ?? null;
        },
      });
      webSocket.terminate();
    };
    signal.addEventListener("abort", () => webSocket.terminate(), { once: true });
    webSocket
      .on("upgrade", answered)
      .on("unexpected-response", (_request, message) => answered(message))
      .on("error", reject)
      .on("close", () => reject(new Error("The connection was closed before an answer came")));
  });
}
