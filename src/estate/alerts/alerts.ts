import type { Threshold } from "../duration.ts";
import type { SecretReference } from "../estate.ts";
import type { TimeWindow } from "../windows/time-window.ts";

/** How grave an alert is; a finding's severities. */
export type AlertSeverity = "critical" | "warning" | "info";

/** What makes an alert. */
export type AlertCondition =
  /** The client cannot connect. */
  | { readonly kind: "broken" }
  /** The client can connect, and will not any more within this time. */
  | { readonly kind: "breaks"; readonly within: Threshold }
  /** There is a finding whose code fits a pattern, of one of these severities. */
  | {
      readonly kind: "finding";
      readonly codes: readonly string[];
      readonly severities: readonly AlertSeverity[];
    }
  /** Something is wrong with the watcher itself. */
  | { readonly kind: "watcher" }
  /** No endpoint can be reached: the network of the watcher itself is down. */
  | { readonly kind: "blind" };

/** Links by name and label. Names may hold `*`; an empty list or mapping leaves the choice open. */
export interface LinkSelector {
  readonly clients: readonly string[];
  readonly endpoints: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** One rule: what is to be told, of which links, after how long, and to whom. */
export interface AlertRule {
  readonly name: string;
  readonly condition: AlertCondition;
  readonly links: LinkSelector;
  /** Milliseconds for which the condition must hold. */
  readonly hold: number;
  readonly severity: AlertSeverity;
  readonly labels: Readonly<Record<string, string>>;
  /** Names of notifiers; null: all. */
  readonly notify: readonly string[] | null;
}

/** A time in which nobody is told about some links. */
export interface Maintenance {
  readonly name: string;
  readonly time: TimeWindow;
  readonly links: LinkSelector;
}

/** The section `alerts`, complete. */
export interface EstateAlerts {
  /** Address under which people reach the live page, ending in a slash; null: the one that the daemon listens on. */
  readonly page: string | null;
  readonly rules: readonly AlertRule[];
  readonly maintenance: readonly Maintenance[];
  /** An alert that came and went this often within this time (ms) stays until it has been gone as long. */
  readonly flapping: { readonly changes: number; readonly within: number };
  /** Milliseconds for which a condition must be gone before its alert is resolved. */
  readonly resolveAfter: number;
}

/** How a server that is notified is reached and trusted. */
interface HttpNotifier {
  readonly url: string;
  /** Name of the truststore that the server is judged by; null: the operating system's. */
  readonly truststore: string | null;
}

/** Where alerts are sent. */
export type EstateNotifier = {
  readonly name: string;
  /** Whether the end of an alert is told, too. */
  readonly resolved: boolean;
} & (
  | ({ readonly kind: "alertmanager"; readonly token: SecretReference | null } & HttpNotifier)
  | ({ readonly kind: "webhook"; readonly secret: SecretReference | null } & HttpNotifier)
  | {
      readonly kind: "slack";
      /** The webhook's address, which is a secret. */
      readonly url: SecretReference;
      readonly truststore: string | null;
    }
  | ({ readonly kind: "pagerduty"; readonly routingKey: SecretReference } & HttpNotifier)
  | {
      readonly kind: "email";
      readonly host: string;
      readonly port: number;
      /** `starttls`: refused unless the server offers it; `none` is for loopback and private relays. */
      readonly security: "tls" | "starttls" | "none";
      readonly user: string | null;
      readonly password: SecretReference | null;
      readonly from: string;
      readonly to: readonly string[];
      readonly truststore: string | null;
    }
);
