import type { Delivery } from "../../../src/daemon/alerts/alert-rows.ts";
import type { Alert, Notification } from "../../../src/daemon/alerts/alert.ts";
import { NOW } from "../fake-clock.ts";

/** An alert that fires, or what differs from it. */
export const alert = (different: Partial<Alert> = {}): Alert => ({
  id: "a".repeat(32),
  key: JSON.stringify(["link-broken", "cause"]),
  rule: "link-broken",
  severity: "critical",
  labels: { team: "pki" },
  code: "chain.intermediate-expired",
  summary: "The intermediate Issuing CA expired",
  remedy: ["Replace it", "anchorwatch check bpm.example.com:9443"],
  links: [
    { client: "pfs", endpoint: "bpm-east" },
    { client: "pfs", endpoint: "bpm-west" },
  ],
  breaksAt: null,
  status: "firing",
  since: NOW,
  firedAt: NOW + 60_000,
  goneSince: null,
  resolvedAt: null,
  changes: [],
  muted: false,
  told: true,
  ...different,
});

/** A message about an alert. */
export const notification = (different: Partial<Notification> = {}): Notification => ({
  id: "b".repeat(32),
  notifier: "am",
  event: "firing",
  alert: alert(),
  createdAt: NOW,
  ...different,
});

/** A message that waits. */
export const delivery = (different: Partial<Notification> = {}): Delivery => ({
  notification: notification(different),
  state: "waiting",
  attempts: 0,
  error: null,
  settledAt: null,
});
