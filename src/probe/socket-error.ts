import type { FailureCode, HandshakeFailure } from "./handshake.ts";

/** What an error of the operating system means before the connection stands. */
const CONNECT_CODES: ReadonlyMap<string, readonly [FailureCode, string]> = new Map<
  string,
  readonly [FailureCode, string]
>([
  ["ECONNREFUSED", ["connect-refused", "refused the connection: nothing listens there"]],
  ["ECONNRESET", ["connect-refused", "reset the connection before it stood"]],
  ["EHOSTUNREACH", ["connect-unreachable", "is unreachable: no route to the host"]],
  ["ENETUNREACH", ["connect-unreachable", "is unreachable: no route to the network"]],
  ["EHOSTDOWN", ["connect-unreachable", "is unreachable: the host is down"]],
  ["EADDRNOTAVAIL", ["connect-unreachable", "is unreachable: no local address can reach it"]],
  ["EAFNOSUPPORT", ["connect-unreachable", "is unreachable: the address family is switched off"]],
  ["ETIMEDOUT", ["timeout-connect", "did not answer in the time that the system allows"]],
  ["EACCES", ["connect-failed", "may not be reached: the local system forbids it"]],
  ["EPERM", ["connect-failed", "may not be reached: the local system forbids it"]],
  ["EMFILE", ["connect-failed", "was not dialled: this process has too many open files"]],
]);

/** The failure behind an error that came instead of a connection. */
export function connectFailure(error: unknown, address: string, port: number): HandshakeFailure {
  const code = codeOf(error);
  const [failure, what] = CONNECT_CODES.get(code) ?? ["connect-failed", "could not be dialled"];
  return { code: failure, message: `${address} port ${port} ${what} (${code})` };
}

/** What an error means once the connection stood: a reset by the peer, or a failure of its own. */
export function hangUpOf(error: unknown): "reset" | HandshakeFailure {
  const code = codeOf(error);
  switch (code) {
    case "ECONNRESET":
    case "EPIPE":
    case "ECONNABORTED":
      return "reset";
    case "ETIMEDOUT":
      return {
        code: "timeout-handshake",
        message: `Server stopped answering within the handshake (${code})`,
      };
    default:
      return { code: "connection-reset", message: `The connection broke (${code})` };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
