import { createHmac } from "node:crypto";
import { alertToJson } from "../alert-json.ts";
import type { Notifier } from "./notifier.ts";
import type { Poster } from "./post.ts";
import { alertUrl } from "./words.ts";

/** Settings of a webhook of any kind. */
export interface WebhookSettings {
  readonly name: string;
  readonly resolved: boolean;
  readonly url: string;
  /** Key of the signature; null: the body is not signed. */
  readonly secret: string | null;
  readonly page: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Posts each message as JSON. `X-Anchorwatch-Signature: t=SECONDS,v1=HEX` is the HMAC-SHA-256 of `SECONDS.BODY`, so that
 * a receiver can refuse what is old; `Idempotency-Key` is the same with every attempt.
 */
export function webhookNotifier(settings: WebhookSettings, poster: Poster): Notifier {
  const { name, resolved, url, secret, page, now } = settings;
  return {
    name,
    resolved,
    send: ({ id, event, alert, createdAt }, signal) => {
      const body = JSON.stringify({
        version: 1,
        id,
        event,
        createdAt: new Date(createdAt).toISOString(),
        page: alertUrl(alert, page),
        alert: alertToJson(alert),
      });
      const headers = { "idempotency-key": id, ...signature(body, secret, now()) };
      return poster.send({ url, body, headers }, signal);
    },
    reminder: null,
    close: () => poster.close(),
  };
}

function signature(
  body: string,
  secret: string | null,
  now: number,
): Readonly<Record<string, string>> {
  if (secret === null) return {};
  const seconds = Math.floor(now / 1000);
  const code = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return { "x-anchorwatch-signature": `t=${seconds},v1=${code}` };
}
