import type { FailureCode } from "../handshake.ts";
import type { AlertName } from "./alerts.ts";

/**
 * Ends a conversation from inside a state machine. It never leaves the engine, which turns it into a
 * `failed` event; `alert` is what the peer is told, null when there is nothing to tell.
 */
export class Abort extends Error {
  readonly code: FailureCode;
  readonly alert: AlertName | null;

  constructor(code: FailureCode, alert: AlertName | null, message: string) {
    super(message);
    this.name = "Abort";
    this.code = code;
    this.alert = alert;
  }
}
