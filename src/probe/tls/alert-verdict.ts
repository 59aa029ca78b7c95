import type { AlertRecord } from "../handshake.ts";
import { Abort } from "./abort.ts";
import { ALERTS, CLIENT_CERTIFICATE_ALERTS } from "./alerts.ts";
import type { CertificateAnswer } from "./conversation.ts";

/** What a fatal alert means at this point of the conversation. */
export function alertFailure(alert: AlertRecord, answer: CertificateAnswer): Abort {
  const what = `alert ${alert.description} (${alert.code})`;
  if (alert.code === ALERTS.protocol_version)
    return new Abort(
      "version-unsupported",
      null,
      `Server supports none of the offered versions and sent ${what}`,
    );
  // GnuTLS answers an empty list before TLS 1.3 with decode_error.
  if (
    answer === "empty" &&
    (CLIENT_CERTIFICATE_ALERTS.has(alert.code) || alert.code === ALERTS.decode_error)
  )
    return new Abort(
      "client-certificate-required",
      null,
      `Server requires a client certificate; it got none and sent ${what}`,
    );
  if (
    answer === "sent" &&
    (CLIENT_CERTIFICATE_ALERTS.has(alert.code) || alert.code === ALERTS.decrypt_error)
  )
    return new Abort(
      "client-certificate-refused",
      null,
      `Server refused the client certificate with ${what}`,
    );
  return new Abort("alert-received", null, `Server sent ${what}`);
}

/**
 * What the end of the connection means when the conversation had not ended. A server that asked for a
 * client certificate and hangs up right after the answer has judged it, even when its alert was lost: an
 * unread Finished makes many systems reset the connection, which overtakes the alert.
 */
export function hangUpFailure(how: "closed" | "reset", answer: CertificateAnswer): Abort {
  const what = how === "closed" ? "closed the connection" : "reset the connection";
  switch (answer) {
    case "empty":
      return new Abort(
        "client-certificate-required",
        null,
        `Server asked for a client certificate and ${what} without an alert when it got none`,
      );
    case "sent":
      return new Abort(
        "client-certificate-refused",
        null,
        `Server ${what} without an alert after it got the client certificate`,
      );
    case "not-asked":
      return new Abort(
        how === "closed" ? "connection-closed" : "connection-reset",
        null,
        `Server ${what} before the handshake was complete`,
      );
  }
}
