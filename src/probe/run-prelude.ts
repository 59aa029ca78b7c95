import type { Socket } from "node:net";
import { fail, ok, type Result } from "../x509/result.ts";
import type { HandshakeFailure } from "./handshake.ts";
import { CANCELLED } from "./failures.ts";
import type { Leash } from "./leash.ts";
import type { Framing, PreludePart, PreludeStep } from "./prelude.ts";
import { hangUpOf } from "./socket-error.ts";

/** Bytes that a peer may send in one prelude; greetings and headers are far shorter. */
const MAX_BYTES = 64 * 1024;

/** What a prelude leaves behind for the next speaker. */
export interface PreludeOutcome {
  readonly rest: Uint8Array | null;
  readonly framing: Framing | null;
}

/**
 * Lets a prelude speak on a connection. `early` is what arrived before it began. On failure the socket is
 * destroyed and closed before the promise settles; on success it is paused, with no listener of ours left.
 * Never rejects unless the prelude has a defect.
 */
export function runPrelude(
  socket: Socket,
  { prelude, phase, peer }: PreludePart,
  { leash, early }: { readonly leash: Leash; readonly early: Uint8Array | null },
): Promise<Result<PreludeOutcome, HandshakeFailure>> {
  return new Promise((resolve, reject) => {
    let received = 0;
    let ready = false;
    let failure: HandshakeFailure | null = null;
    const leave = (): void => {
      socket.off("data", take).off("end", ended).off("error", broken).off("close", closed);
    };
    const abandon = (reason: HandshakeFailure): void => {
      failure ??= reason;
      if (socket.closed) closed();
      else socket.destroy();
    };
    const closed = (): void => {
      leave();
      resolve(fail(failure ?? cut("closed")));
    };
    const cut = (how: "closed" | "reset"): HandshakeFailure =>
      prelude.hangUp?.(how) ?? {
        code: how === "closed" ? "connection-closed" : "connection-reset",
        message: `${peer} ${how === "closed" ? "closed" : "reset"} the connection before TLS could begin`,
      };
    const follow = (act: () => PreludeStep): void => {
      if (failure !== null || ready) return;
      let step: PreludeStep;
      try {
        step = act();
      } catch (error) {
        leave();
        socket.destroy();
        reject(error);
        return;
      }
      if (step.output !== null) socket.write(step.output);
      if (step.end === null) return;
      if (step.end.kind === "failed") {
        abandon(step.end.failure);
        return;
      }
      ready = true;
      leave();
      socket.pause();
      resolve(ok({ rest: step.end.rest, framing: step.end.framing ?? null }));
    };
    const take = (chunk: Uint8Array): void => {
      received += chunk.length;
      if (received > MAX_BYTES)
        abandon({
          code: "message-too-large",
          message: `${peer} sent more than ${MAX_BYTES} bytes before TLS could begin`,
        });
      else follow(() => prelude.receive(chunk));
    };
    const ended = (): void => abandon(cut("closed"));
    const broken = (error: Error): void => {
      const how = hangUpOf(error);
      failure ??= how === "reset" ? cut("reset") : how;
    };
    socket.on("data", take).on("end", ended).on("error", broken).on("close", closed);
    leash.hold((end) =>
      abandon(
        end.kind === "cancelled"
          ? CANCELLED
          : (prelude.expire?.(end.afterMs) ?? {
              code: phase === "proxy" ? "timeout-proxy" : "timeout-dialog",
              message: `${peer} did not get ready for TLS within ${Math.round(end.afterMs)} ms`,
            }),
      ),
    );
    follow(() => prelude.start());
    if (early !== null && early.length > 0) take(early);
    if (!ready) socket.resume();
  });
}
