import type { FailureCode, Handshake, HandshakeFailure } from "../handshake.ts";

/** What an answer to a question says about it. */
export type Answer =
  /** The server took up what was offered. */
  | { readonly kind: "accepted" }
  /** The server declined: by an alert, by hanging up, or by choosing something else. */
  | { readonly kind: "refused"; readonly failure: HandshakeFailure }
  /** Nothing follows from it: the server was not reached or did not answer in time. */
  | { readonly kind: "unclear"; readonly failure: HandshakeFailure };

/** Failures that come from the way to the server or from its silence, not from what it was asked. */
const UNCLEAR: ReadonlySet<FailureCode> = new Set<FailureCode>([
  "dns-failed",
  "connect-refused",
  "connect-unreachable",
  "connect-failed",
  "timeout-connect",
  "timeout-proxy",
  "timeout-dialog",
  "timeout-handshake",
  "proxy-unreachable",
  "proxy-authentication",
  "proxy-refused",
  "proxy-malformed",
]);

/** Reads an answer; `accepted` says whether the record shows what the question was after. */
export function readAnswer(handshake: Handshake, accepted: boolean): Answer {
  if (accepted) return { kind: "accepted" };
  const failure = handshake.failure ?? {
    code: "parameter-unsupported",
    message: "Server chose something else",
  };
  if (failure.code === "cancelled" && handshake.version !== null)
    return {
      kind: "refused",
      failure: { code: "parameter-unsupported", message: "Server chose something else" },
    };
  return {
    kind: UNCLEAR.has(failure.code) || failure.code === "cancelled" ? "unclear" : "refused",
    failure,
  };
}
