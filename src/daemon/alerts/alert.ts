import type { AlertSeverity } from "../../estate/alerts/alerts.ts";
import type { FindingCode } from "../../diagnosis/finding-codes.ts";
import type { HealthCode } from "../health.ts";

/** `pending`: the condition holds, and not long enough yet; `resolved`: it is over. */
export type AlertStatus = "pending" | "firing" | "resolved";

/** A link that an alert is about. */
export interface AlertLink {
  readonly client: string;
  readonly endpoint: string;
}

/** What an alert is about: a finding, a date ahead, or the watcher itself. */
export type AlertCode = FindingCode | HealthCode | "link.broken" | "link.breaks";

/** One cause that a rule tells of, from its first sign to its end. Immutable and serialisable; times are ms since 1970. */
export interface Alert {
  /** Names this occurrence; another one of the same cause has another id. 32 hexadecimal digits. */
  readonly id: string;
  /** Names the rule and the cause, the same in every occurrence. */
  readonly key: string;
  readonly rule: string;
  readonly severity: AlertSeverity;
  /** Of the rule. */
  readonly labels: Readonly<Record<string, string>>;
  readonly code: AlertCode;
  /** One sentence without a trailing full stop. */
  readonly summary: string;
  readonly remedy: readonly string[];
  /** Every link that has this cause now; once it is over, every link that had it. Empty for the watcher itself. */
  readonly links: readonly AlertLink[];
  /** When the first of the links breaks; null where that is no question. */
  readonly breaksAt: number | null;
  readonly status: AlertStatus;
  /** When the condition was first seen. */
  readonly since: number;
  /** Null before it fires. */
  readonly firedAt: number | null;
  /** Since when the condition is gone though the alert still fires; null while it holds. */
  readonly goneSince: number | null;
  readonly resolvedAt: number | null;
  /** When the condition came and went, as far back as that counts as flapping. */
  readonly changes: readonly number[];
  /** Whether nobody is told, because all its links are in maintenance. */
  readonly muted: boolean;
  /** Whether people were told of it. */
  readonly told: boolean;
}

/** What is told to people. */
export type NotificationEvent = "firing" | "resolved" | "test";

/** One message to one notifier. Serialisable. */
export interface Notification {
  /** The same with every attempt, so that receivers can tell a repetition. 32 hexadecimal digits. */
  readonly id: string;
  /** Name in the estate. */
  readonly notifier: string;
  readonly event: NotificationEvent;
  /** As it was when the message was made. */
  readonly alert: Alert;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}
