import type { Alert } from "./alerts/alert.ts";

/** Links of an alert that a message or an answer names; the rest is counted. */
const MAX_LINKS = 200;

/** An alert as the API and webhooks tell it; times are RFC 3339. */
export interface AlertJson {
  readonly id: string;
  /** The same in every occurrence of the cause. */
  readonly key: string;
  readonly rule: string;
  readonly severity: Alert["severity"];
  readonly labels: Readonly<Record<string, string>>;
  readonly code: Alert["code"];
  readonly summary: string;
  readonly remedy: readonly string[];
  /** The first of the links; see `linkCount`. */
  readonly links: readonly { readonly client: string; readonly endpoint: string }[];
  readonly linkCount: number;
  readonly breaksAt: string | null;
  readonly status: Alert["status"];
  readonly muted: boolean;
  readonly since: string;
  readonly firedAt: string | null;
  readonly resolvedAt: string | null;
}

/** An alert as the API and webhooks tell it. */
export function alertToJson(alert: Alert): AlertJson {
  const { id, key, rule, severity, labels, code, summary, remedy, status, muted } = alert;
  return {
    id,
    key,
    rule,
    severity,
    labels,
    code,
    summary,
    remedy,
    links: alert.links.slice(0, MAX_LINKS),
    linkCount: alert.links.length,
    breaksAt: timeText(alert.breaksAt),
    status,
    muted,
    since: new Date(alert.since).toISOString(),
    firedAt: timeText(alert.firedAt),
    resolvedAt: timeText(alert.resolvedAt),
  };
}

const timeText = (time: number | null): string | null =>
  time === null ? null : new Date(time).toISOString();
