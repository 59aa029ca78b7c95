import type { SecretDocument } from "../document.ts";
import type { WindowDocument } from "../windows/document.ts";
import type { AlertSeverity } from "./alerts.ts";

/** Links by name and label, as written. */
export interface LinkSelectorDocument {
  readonly clients?: string | readonly string[] | undefined;
  readonly endpoints?: string | readonly string[] | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** A rule as written. */
export interface AlertRuleDocument {
  readonly name: string;
  readonly when:
    | "broken"
    | "watcher"
    | "blind"
    | { readonly breaksWithin: string }
    | {
        readonly finding: string | readonly string[];
        readonly severity?: AlertSeverity | readonly AlertSeverity[] | undefined;
      };
  readonly links?: LinkSelectorDocument | undefined;
  readonly for?: string | undefined;
  readonly severity?: AlertSeverity | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly notify?: string | readonly string[] | undefined;
}

/** A maintenance window as written. */
export interface MaintenanceDocument extends WindowDocument {
  readonly name: string;
  readonly links?: LinkSelectorDocument | undefined;
}

/** The section `alerts` as written. */
export interface AlertsDocument {
  readonly page?: string | undefined;
  readonly rules?: readonly AlertRuleDocument[] | undefined;
  readonly maintenance?: readonly MaintenanceDocument[] | undefined;
  readonly flapping?:
    | { readonly changes?: number | undefined; readonly within?: string | undefined }
    | undefined;
  readonly resolveAfter?: string | undefined;
}

/** A notifier as written: exactly one of its kinds is there. */
export interface NotifierDocument {
  readonly alertmanager?:
    | {
        readonly url: string;
        readonly token?: SecretDocument | undefined;
        readonly truststore?: string | undefined;
      }
    | undefined;
  readonly webhook?:
    | {
        readonly url: string;
        readonly secret?: SecretDocument | undefined;
        readonly truststore?: string | undefined;
      }
    | undefined;
  readonly slack?:
    | { readonly url: SecretDocument; readonly truststore?: string | undefined }
    | undefined;
  readonly pagerduty?:
    | {
        readonly routingKey: SecretDocument;
        readonly url?: string | undefined;
        readonly truststore?: string | undefined;
      }
    | undefined;
  readonly email?:
    | {
        readonly server: string;
        readonly security?: "tls" | "starttls" | "none" | undefined;
        readonly user?: string | undefined;
        readonly password?: SecretDocument | undefined;
        readonly from: string;
        readonly to: string | readonly string[];
        readonly truststore?: string | undefined;
      }
    | undefined;
  readonly resolved?: boolean | undefined;
}
