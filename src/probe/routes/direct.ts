import { connect, type Socket } from "node:net";
import { fail, ok, type Result } from "../../x509/result.ts";
import { CANCELLED } from "../failures.ts";
import type { HandshakeFailure } from "../handshake.ts";
import type { Leash, LeashEnd } from "../leash.ts";
import { connectFailure } from "../socket-error.ts";

/** Where a TCP connection goes. */
export interface Destination {
  /** IP literal. */
  readonly address: string;
  readonly port: number;
  /** Local IP address to connect from; null: as the system chooses. */
  readonly source: string | null;
}

/**
 * Makes one TCP connection. On success nothing listens on the socket and nothing is read from it yet; on
 * failure it is closed. Never rejects.
 */
export function dial(
  { address, port, source }: Destination,
  leash: Leash,
): Promise<Result<Socket, HandshakeFailure>> {
  const stopped = (end: LeashEnd): HandshakeFailure =>
    end.kind === "cancelled"
      ? CANCELLED
      : {
          code: "timeout-connect",
          message: `No connection to ${address} port ${port} within ${Math.round(end.afterMs)} ms`,
        };
  return new Promise((resolve) => {
    let failure: HandshakeFailure | null = null;
    let socket: Socket;
    if (leash.ended !== null) {
      resolve(fail(stopped(leash.ended)));
      return;
    }
    try {
      socket = connect({
        host: address,
        port,
        noDelay: true,
        allowHalfOpen: true,
        ...(source === null ? {} : { localAddress: source }),
      });
    } catch (error) {
      resolve(fail(connectFailure(error, address, port)));
      return;
    }
    const broken = (error: Error): void => {
      failure ??= connectFailure(error, address, port);
    };
    const closed = (): void => resolve(fail(failure ?? CANCELLED));
    socket.once("connect", () => {
      socket.off("error", broken).off("close", closed);
      resolve(ok(socket));
    });
    socket.on("error", broken).on("close", closed);
    leash.hold((end) => {
      failure ??= stopped(end);
      socket.destroy();
    });
  });
}
