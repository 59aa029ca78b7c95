import { alertToJson } from "../alert-json.ts";
import type { Notifier } from "./notifier.ts";
import type { Poster } from "./post.ts";
import { alertUrl, titleOf } from "./words.ts";

/** Settings of a PagerDuty integration. */
export interface PagerdutySettings {
  readonly name: string;
  readonly resolved: boolean;
  /** Where events of version 2 are taken. */
  readonly url: string;
  readonly routingKey: string;
  readonly page: string;
}

/** Characters of a summary that PagerDuty takes. */
const MAX_SUMMARY = 1024;

/** Tells PagerDuty (Events API v2). An alert's id joins its beginning, repetitions and end. */
export function pagerdutyNotifier(settings: PagerdutySettings, poster: Poster): Notifier {
  const { name, resolved, url, routingKey, page } = settings;
  return {
    name,
    resolved,
    send: (notification, signal) => {
      const { event, alert, createdAt } = notification;
      const href = alertUrl(alert, page);
      const body = JSON.stringify({
        routing_key: routingKey,
        event_action: event === "resolved" ? "resolve" : "trigger",
        dedup_key: alert.id,
        client: "Anchorwatch",
        client_url: href,
        links: [{ href, text: "Anchorwatch" }],
        payload: {
          summary: titleOf(notification).slice(0, MAX_SUMMARY),
          source: alert.links[0]?.endpoint ?? "anchorwatch",
          severity: alert.severity,
          timestamp: new Date(createdAt).toISOString(),
          component: alert.links[0]?.client ?? "anchorwatch",
          group: alert.rule,
          class: alert.code,
          custom_details: alertToJson(alert),
        },
      });
      return poster.send({ url, body }, signal);
    },
    reminder: null,
    close: () => poster.close(),
  };
}
