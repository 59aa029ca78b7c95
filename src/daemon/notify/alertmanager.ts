import { hash } from "node:crypto";
import type { Alert } from "../alerts/alert.ts";
import type { Notifier } from "./notifier.ts";
import type { Poster } from "./post.ts";
import { alertUrl, linkLines, plainLine } from "./words.ts";

/** Settings of an Alertmanager. */
export interface AlertmanagerSettings {
  readonly name: string;
  readonly resolved: boolean;
  /** Its address; the path of the API is added. */
  readonly url: string;
  readonly token: string | null;
  /** Address of the live page, ending in a slash. */
  readonly page: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Milliseconds between two tellings of what fires, as Prometheus does it. */
const RESEND = 60_000;

/** Reminders that may be lost before Alertmanager takes an alert for resolved; Prometheus's own factor. */
const PATIENCE = 4;

/** Alerts in one request. */
const BATCH = 64;

/** An alert as POST /api/v2/alerts takes it. */
interface PostableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
}

/**
 * Tells an Alertmanager (API v2). It forgets alerts whose `endsAt` has passed, so those that fire are told again every
 * minute with an end that lies ahead.
 */
export function alertmanagerNotifier(settings: AlertmanagerSettings, poster: Poster): Notifier {
  const { name, resolved, token, url, page, now } = settings;
  const target = new URL("api/v2/alerts", url.endsWith("/") ? url : `${url}/`).href;
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const post = (alerts: readonly PostableAlert[], signal: AbortSignal) =>
    poster.send({ url: target, headers, body: JSON.stringify(alerts) }, signal);
  const postable = (alert: Alert): PostableAlert => ({
    ...describe(alert, page),
    endsAt: new Date(alert.resolvedAt ?? now() + PATIENCE * RESEND).toISOString(),
  });
  return {
    name,
    resolved,
    send: ({ alert }, signal) => post([postable(alert)], signal),
    reminder: {
      every: RESEND,
      send: async (firing, signal) => {
        for (let at = 0; at < firing.length; at += BATCH) {
          const sent = await post(firing.slice(at, at + BATCH).map(postable), signal);
          if (!sent.ok) return sent;
        }
        return { ok: true, value: null };
      },
    },
    close: () => poster.close(),
  };
}

/** Labels are what tells alerts apart: nothing in them changes while an alert lasts. */
function describe(alert: Alert, page: string): Omit<PostableAlert, "endsAt"> {
  const { rule, severity, code, labels, key, summary, remedy, links, firedAt, since } = alert;
  const href = alertUrl(alert, page);
  return {
    labels: {
      ...labels,
      alertname: rule,
      severity,
      code,
      cause: hash("sha256", key, "hex").slice(0, 16),
    },
    annotations: {
      summary: plainLine(summary),
      description: [...linkLines(alert)].join("\n"),
      links: String(links.length),
      ...(remedy.length === 0 ? {} : { remedy: remedy.map(plainLine).join("\n") }),
      ...(alert.breaksAt === null ? {} : { breaks_at: new Date(alert.breaksAt).toISOString() }),
      runbook_url: `${page}#/findings/${code}`,
    },
    startsAt: new Date(firedAt ?? since).toISOString(),
    generatorURL: href,
  };
}
