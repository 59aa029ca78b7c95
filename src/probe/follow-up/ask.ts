import type { TLSSocket } from "node:tls";
import type { Answer, Asking } from "./follow-up.ts";

/** Bytes of an answer's head; servers with long policies send up to ten thousand. */
const MAX_HEAD = 64 * 1024;

/** Makes one HTTP/1.1 request; of the answer only its head is read. Rejects when none comes. */
export async function ask(socket: TLSSocket, { plan, authority, signal }: Asking): Promise<Answer> {
  const { Client } = await import("undici");
  // the connection is secure already; with https the client would replace it by one of its own
  const client = new Client(`http://${authority}`, {
    // a connection that is there at once is not noticed
    connect: (_options, callback) => setImmediate(callback, null, socket),
    maxHeaderSize: MAX_HEAD,
    pipelining: 0,
    // the leash knows how long it may take
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  try {
    const { statusCode, statusText, headers, body } = await client.request({
      method: plan.method,
      path: plan.path,
      headers: { "user-agent": "anchorwatch", ...plan.headers, connection: "close" },
      signal,
    });
    body.on("error", () => {}).destroy();
    return {
      status: statusCode,
      reason: statusText,
      header: (name) => {
        const value = headers[name];
        return (Array.isArray(value) ? value[0] : value) ?? null;
      },
    };
  } finally {
    void client.destroy().catch(() => {});
  }
}
