import type { SecretDocument } from "../document.ts";
import { parseDuration, parseThreshold } from "../duration.ts";
import type { SecretReference } from "../estate.ts";
import { parseHostPort } from "../host-port.ts";
import { windowTime } from "../windows/resolve.ts";
import type {
  AlertCondition,
  AlertRule,
  AlertSeverity,
  EstateAlerts,
  EstateNotifier,
  LinkSelector,
  Maintenance,
} from "./alerts.ts";
import type {
  AlertRuleDocument,
  AlertsDocument,
  LinkSelectorDocument,
  MaintenanceDocument,
  NotifierDocument,
} from "./document.ts";
import { ALERT_DEFAULTS } from "./schema.ts";

/** Where PagerDuty takes events (version 2). */
const PAGERDUTY = "https://events.pagerduty.com/v2/enqueue";

/** Port of mail servers by how they are spoken to. */
const MAIL_PORTS = { tls: 465, starttls: 587, none: 25 } as const;

/** What people are told where the estate has no rules of its own. */
const USUAL_RULES: readonly AlertRuleDocument[] = [
  { name: "link-broken", when: "broken", severity: "critical" },
  { name: "link-breaks-soon", when: { breaksWithin: "7d" }, severity: "critical" },
  { name: "link-will-break", when: { breaksWithin: "30d" }, severity: "warning" },
  { name: "watcher-blind", when: "blind", severity: "critical" },
  { name: "watcher", when: "watcher", severity: "warning" },
];

/** Completes the section `alerts`. */
export function resolveAlerts(document: AlertsDocument = {}): EstateAlerts {
  const { page, rules = USUAL_RULES, maintenance = [], flapping = {}, resolveAfter } = document;
  return {
    page: page === undefined ? null : page.replace(/\/?$/, "/"),
    rules: rules.map(ruleOf),
    maintenance: maintenance.map(windowOf),
    flapping: {
      changes: flapping.changes ?? ALERT_DEFAULTS.flapping.changes,
      within: milliseconds(flapping.within ?? ALERT_DEFAULTS.flapping.within),
    },
    resolveAfter: milliseconds(resolveAfter ?? ALERT_DEFAULTS.resolveAfter),
  };
}

function ruleOf({ name, when, links, labels = {}, notify, ...rule }: AlertRuleDocument): AlertRule {
  const condition = conditionOf(when);
  const hold = condition.kind === "watcher" ? ALERT_DEFAULTS.watcherHold : ALERT_DEFAULTS.hold;
  return {
    name,
    condition,
    links: selectorOf(links),
    hold: milliseconds(rule.for ?? hold),
    severity: rule.severity ?? (isGrave(condition) ? "critical" : "warning"),
    labels,
    notify: notify === undefined ? null : listOf(notify),
  };
}

function isGrave({ kind }: AlertCondition): boolean {
  return kind === "broken" || kind === "blind";
}

function conditionOf(when: AlertRuleDocument["when"]): AlertCondition {
  if (typeof when === "string") return { kind: when };
  if ("breaksWithin" in when) {
    const within = parseThreshold(when.breaksWithin);
    return { kind: "breaks", within: within ?? { kind: "duration", milliseconds: 0 } };
  }
  const severities: readonly AlertSeverity[] = ["critical", "warning", "info"];
  return {
    kind: "finding",
    codes: listOf(when.finding),
    severities: when.severity === undefined ? severities : listOf(when.severity),
  };
}

function windowOf({ name, links, ...time }: MaintenanceDocument): Maintenance {
  return { name, links: selectorOf(links), time: windowTime(time) };
}

function selectorOf({
  clients = [],
  endpoints = [],
  labels = {},
}: LinkSelectorDocument = {}): LinkSelector {
  return { clients: listOf(clients), endpoints: listOf(endpoints), labels };
}

function listOf<T extends string>(value: T | readonly T[]): readonly T[] {
  return typeof value === "string" ? [value] : value;
}

function milliseconds(text: string): number {
  return parseDuration(text) ?? 0;
}

/** Completes the section `notify`; `secret` makes references absolute. */
export function resolveNotifiers(
  document: Readonly<Record<string, NotifierDocument>> = {},
  secret: (reference: SecretDocument | undefined) => SecretReference | null,
): readonly EstateNotifier[] {
  const needed = (reference: SecretDocument): SecretReference => {
    const found = secret(reference);
    if (found === null) throw new TypeError("A secret was not checked by the schema");
    return found;
  };
  return Object.entries(document).flatMap(([name, notifier]): readonly EstateNotifier[] => {
    const { alertmanager, webhook, slack, pagerduty, email, resolved = true } = notifier;
    const common = { name, resolved };
    if (alertmanager !== undefined) {
      const { url, token, truststore = null } = alertmanager;
      return [{ ...common, kind: "alertmanager", url, truststore, token: secret(token) }];
    }
    if (webhook !== undefined) {
      const { url, truststore = null } = webhook;
      return [{ ...common, kind: "webhook", url, truststore, secret: secret(webhook.secret) }];
    }
    if (slack !== undefined) {
      const { url, truststore = null } = slack;
      return [{ ...common, kind: "slack", url: needed(url), truststore }];
    }
    if (pagerduty !== undefined) {
      const { url = PAGERDUTY, routingKey, truststore = null } = pagerduty;
      return [{ ...common, kind: "pagerduty", url, routingKey: needed(routingKey), truststore }];
    }
    if (email === undefined) return [];
    const { server, security = "starttls", user = null, from, to, truststore = null } = email;
    const place = parseHostPort(server);
    return [
      {
        ...common,
        kind: "email",
        host: place?.host ?? server,
        port: place?.port ?? MAIL_PORTS[security],
        security,
        user,
        password: secret(email.password),
        from,
        to: listOf(to),
        truststore,
      },
    ];
  });
}
