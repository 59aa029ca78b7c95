import type { Transporter } from "nodemailer";
import { fail, ok, type Result } from "../../x509/result.ts";
import type { Notification } from "../alerts/alert.ts";
import type { DeliveryFailure, Notifier } from "./notifier.ts";
import { bodyOf, titleOf } from "./words.ts";

/** Settings of a mail server and the people who read. */
export interface EmailSettings {
  readonly name: string;
  readonly resolved: boolean;
  readonly host: string;
  readonly port: number;
  readonly security: "tls" | "starttls" | "none";
  readonly credentials: { readonly user: string; readonly password: string } | null;
  /** Certificates in PEM; null: the runtime's and the system's. */
  readonly anchors: readonly string[] | null;
  readonly from: string;
  readonly to: readonly string[];
  readonly page: string;
}

/** Milliseconds for each step of the conversation with the server. */
const STEP_TIME = 10_000;

/** Sends mail. Messages about one alert are one thread: the first is named after the alert, the others refer to it. */
export function emailNotifier(settings: EmailSettings): Notifier {
  let transport: Promise<Transporter> | null = null;
  return {
    name: settings.name,
    resolved: settings.resolved,
    send: async (notification, signal) => {
      transport ??= openTransport(settings);
      const opened = await transport;
      const cut = (): void => opened.close();
      signal.addEventListener("abort", cut, { once: true });
      try {
        await opened.sendMail(mailOf(notification, settings));
        return ok(null);
      } catch (error) {
        return failureOf(error);
      } finally {
        signal.removeEventListener("abort", cut);
      }
    },
    reminder: null,
    close: async () => {
      (await transport)?.close();
    },
  };
}

async function openTransport(settings: EmailSettings): Promise<Transporter> {
  const { createTransport } = await import("nodemailer");
  const { host, port, security, credentials, anchors } = settings;
  return createTransport({
    host,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    ...(credentials === null
      ? {}
      : { auth: { user: credentials.user, pass: credentials.password } }),
    ...(anchors === null ? {} : { tls: { ca: [...anchors] } }),
    connectionTimeout: STEP_TIME,
    greetingTimeout: STEP_TIME,
    socketTimeout: STEP_TIME,
    dnsTimeout: STEP_TIME,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function mailOf(notification: Notification, { from, to, page }: EmailSettings): object {
  const { id, event, alert } = notification;
  const thread = `<${alert.id}@anchorwatch.invalid>`;
  return {
    from: { name: "Anchorwatch", address: from },
    to: [...to],
    subject: titleOf(notification),
    text: bodyOf(notification, page),
    messageId: event === "firing" ? thread : `<${id}@anchorwatch.invalid>`,
    ...(event === "firing" ? {} : { inReplyTo: thread, references: thread }),
    headers: { "Auto-Submitted": "auto-generated", "X-Anchorwatch-Alert": alert.id },
  };
}

/**
 * Servers refuse a message or its recipients for good with codes of 500 and above (RFC 5321 section 4.2.1); trouble
 * with the server itself may pass, whatever its code.
 */
function failureOf(error: unknown): Result<never, DeliveryFailure> {
  const known = error instanceof Error ? error : new Error("no reason");
  const status = "responseCode" in known ? Number(known.responseCode) : 0;
  const code = "code" in known && typeof known.code === "string" ? known.code : "";
  const refused = status >= 500 && (code === "EENVELOPE" || code === "EMESSAGE");
  return fail({
    retry: !refused,
    message:
      status > 0
        ? `The mail server answered with code ${status}`
        : `The mail cannot be handed over${code === "" ? "" : ` (${code})`}`,
    retryAfter: null,
  });
}
