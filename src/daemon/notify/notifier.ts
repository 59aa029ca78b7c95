import type { Result } from "../../x509/result.ts";
import type { Alert, Notification } from "../alerts/alert.ts";

/** Why a message was not taken. */
export interface DeliveryFailure {
  /** Whether the same message may be taken later. */
  readonly retry: boolean;
  /** One sentence for people; never a secret. */
  readonly message: string;
  /** Milliseconds that the receiver asks to wait; null where it does not say. */
  readonly retryAfter: number | null;
}

/** One receiver of alerts. Nothing here throws for what a receiver does. */
export interface Notifier {
  /** Name in the estate. */
  readonly name: string;
  /** Whether the end of an alert is told. */
  readonly resolved: boolean;
  /** Sends one message; the id of the message lets a receiver tell a repetition. */
  send(notification: Notification, signal: AbortSignal): Promise<Result<null, DeliveryFailure>>;
  /**
   * How receivers are reminded that keep states and forget what they are not told again, such as Alertmanager; null
   * for others. They are tried as often again, and told of what is over only that it is.
   */
  readonly reminder: {
    /** Milliseconds. */
    readonly every: number;
    send(firing: readonly Alert[], signal: AbortSignal): Promise<Result<null, DeliveryFailure>>;
  } | null;
  /** Closes connections that are kept open. */
  close(): Promise<void>;
}
