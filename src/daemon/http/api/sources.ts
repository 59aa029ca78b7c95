import type { Alert } from "../../alerts/alert.ts";
import type { Observation } from "../../../links/observation.ts";
import type { Clock } from "../../clock.ts";
import type { Inventory } from "../../inventory.ts";
import type { Database } from "../../sqlite.ts";
import type { State } from "../../state.ts";
import type { TruststoreSummary } from "../../truststore-summary.ts";
import type { AdHocCheck } from "./ad-hoc-check.ts";

/** What the API shows and does. */
export interface ApiSources {
  readonly clock: Clock;
  readonly state: State;
  readonly inventory: () => Inventory;
  /** What was seen last, by name of the endpoint. */
  readonly observations: () => ReadonlyMap<string, Observation>;
  readonly truststores: () => readonly TruststoreSummary[];
  /** Alerts that are pending or fire, oldest first. */
  readonly alerts: () => readonly Alert[];
  /** Reads from the history; undefined while it cannot be read. */
  readonly readHistory: <T>(read: (database: Database) => T) => T | undefined;
  readonly checks: AdHocCheck;
  /** Loads the estate again; false when the old one goes on. */
  readonly reload: () => Promise<boolean>;
}
