import type { Duplex } from "node:stream";
import { SECURITY_HEADERS } from "./request-guard.ts";

/** Milliseconds that the other side has to take an answer and close. */
const LINGER = 1000;

/** Answers on a connection that no route has, and closes it, whether the other side does or not. */
export function endBarely(
  socket: Duplex,
  status: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  const lines = Object.entries({ ...headers, ...SECURITY_HEADERS, Connection: "close" }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join("")}\r\n${body}`);
  // what still comes is read and dropped, so that no reset overtakes the answer
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER).unref();
}
