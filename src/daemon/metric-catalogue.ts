/** One metric family that `/metrics` offers. */
export interface MetricFamily {
  /** With the prefix `anchorwatch_`. */
  readonly name: string;
  readonly type: "gauge" | "counter" | "histogram";
  readonly labels: readonly string[];
  readonly help: string;
}

/**
 * Every metric family. Names and labels are public: dashboards and alert rules rest on them. Label values
 * come from the estate, from closed lists, or stand on an `_info` series.
 */
export const METRICS = {
  linkOk: {
    name: "anchorwatch_link_ok",
    type: "gauge",
    labels: ["client", "endpoint"],
    help: "Whether the client can use the endpoint: handshake complete, chain trusted, name accepted",
  },
  linkTrusted: {
    name: "anchorwatch_link_trusted",
    type: "gauge",
    labels: ["client", "endpoint"],
    help: "Whether the client trusts the chain",
  },
  linkNameMatch: {
    name: "anchorwatch_link_name_match",
    type: "gauge",
    labels: ["client", "endpoint"],
    help: "Whether the name fits the certificate by the rules of the client",
  },
  linkBreaks: {
    name: "anchorwatch_link_breaks_timestamp_seconds",
    type: "gauge",
    labels: ["client", "endpoint"],
    help: "First time at which the verdict of the client turns bad",
  },
  linkFindings: {
    name: "anchorwatch_link_findings",
    type: "gauge",
    labels: ["client", "endpoint", "severity"],
    help: "Number of findings of a link",
  },
  findingInfo: {
    name: "anchorwatch_finding_info",
    type: "gauge",
    labels: ["client", "endpoint", "code", "severity"],
    help: "A finding of a link; always 1",
  },
  endpointLabelInfo: {
    name: "anchorwatch_endpoint_label_info",
    type: "gauge",
    labels: ["endpoint", "label", "value"],
    help: "A label that the estate gives an endpoint; always 1",
  },
  endpointQuiet: {
    name: "anchorwatch_endpoint_quiet",
    type: "gauge",
    labels: ["endpoint"],
    help: "Whether a window of quiet keeps the endpoint from being probed; none where the estate has no window for it",
  },
  endpointUp: {
    name: "anchorwatch_endpoint_up",
    type: "gauge",
    labels: ["endpoint", "address"],
    help: "Whether a TLS handshake with the address completes",
  },
  endpointLastProbe: {
    name: "anchorwatch_endpoint_last_probe_timestamp_seconds",
    type: "gauge",
    labels: ["endpoint", "address"],
    help: "When the address was probed last",
  },
  endpointFailureInfo: {
    name: "anchorwatch_endpoint_failure_info",
    type: "gauge",
    labels: ["endpoint", "address", "reason"],
    help: "Why the handshake with the address does not complete; always 1",
  },
  endpointTlsInfo: {
    name: "anchorwatch_endpoint_tls_info",
    type: "gauge",
    labels: ["endpoint", "address", "version", "cipher_suite", "group"],
    help: "What the address negotiated; always 1",
  },
  endpointNotAfter: {
    name: "anchorwatch_endpoint_certificate_not_after_timestamp_seconds",
    type: "gauge",
    labels: ["endpoint", "address", "position"],
    help: "End of validity of a certificate as sent; position 0 is sent first",
  },
  endpointNotBefore: {
    name: "anchorwatch_endpoint_certificate_not_before_timestamp_seconds",
    type: "gauge",
    labels: ["endpoint", "address", "position"],
    help: "Begin of validity of a certificate as sent; position 0 is sent first",
  },
  endpointCertificateInfo: {
    name: "anchorwatch_endpoint_certificate_info",
    type: "gauge",
    labels: ["endpoint", "address", "position", "sha256", "subject", "issuer", "serial"],
    help: "A certificate as sent; always 1",
  },
  handshakeDuration: {
    name: "anchorwatch_handshake_duration_seconds",
    type: "histogram",
    labels: ["phase"],
    help: "Time that the phases of handshakes take",
  },
  truststoreLoaded: {
    name: "anchorwatch_truststore_loaded",
    type: "gauge",
    labels: ["truststore"],
    help: "Whether the truststore can be read",
  },
  truststoreAnchors: {
    name: "anchorwatch_truststore_anchors",
    type: "gauge",
    labels: ["truststore"],
    help: "Number of different trust anchors in the truststore",
  },
  truststoreEarliestExpiry: {
    name: "anchorwatch_truststore_earliest_expiry_timestamp_seconds",
    type: "gauge",
    labels: ["truststore"],
    help: "Earliest end of validity among the trust anchors",
  },
  probes: {
    name: "anchorwatch_probes_total",
    type: "counter",
    labels: ["outcome"],
    help: "Handshakes made since the start",
  },
  schedulerLag: {
    name: "anchorwatch_scheduler_lag_seconds",
    type: "gauge",
    labels: [],
    help: "Longest delay of a probe behind its time, now and within the last minute",
  },
  schedulerInFlight: {
    name: "anchorwatch_scheduler_in_flight",
    type: "gauge",
    labels: [],
    help: "Conversations in flight",
  },
  schedulerDue: {
    name: "anchorwatch_scheduler_due",
    type: "gauge",
    labels: [],
    help: "Endpoints whose time has come and whose probe has not begun",
  },
  alertsFiring: {
    name: "anchorwatch_alerts_firing",
    type: "gauge",
    labels: ["severity"],
    help: "Number of alerts that fire",
  },
  notifications: {
    name: "anchorwatch_notifications_total",
    type: "counter",
    labels: ["notifier", "outcome"],
    help: "Messages about alerts since the start that were taken, or given up",
  },
  notificationsWaiting: {
    name: "anchorwatch_notifications_waiting",
    type: "gauge",
    labels: ["notifier"],
    help: "Messages about alerts that wait to be taken",
  },
  healthProblems: {
    name: "anchorwatch_health_problems",
    type: "gauge",
    labels: ["code"],
    help: "Problems of the watcher itself",
  },
  historyWaiting: {
    name: "anchorwatch_history_waiting",
    type: "gauge",
    labels: [],
    help: "Results that wait in memory, because the history cannot be written",
  },
  historyLost: {
    name: "anchorwatch_history_lost_total",
    type: "counter",
    labels: [],
    help: "Results since the start that could not be recorded",
  },
  estateLoads: {
    name: "anchorwatch_estate_loads_total",
    type: "counter",
    labels: ["outcome"],
    help: "Times that the estate was loaded since the start, or refused",
  },
  probeThreads: {
    name: "anchorwatch_probe_threads",
    type: "gauge",
    labels: [],
    help: "Threads that make conversations",
  },
  eventLoopDelay: {
    name: "anchorwatch_event_loop_delay_seconds",
    type: "gauge",
    labels: ["statistic"],
    help: "How late the turns of the event loop were within the last minute or two",
  },
  residentMemory: {
    name: "anchorwatch_process_resident_memory_bytes",
    type: "gauge",
    labels: [],
    help: "Memory that the daemon occupies",
  },
  openFiles: {
    name: "anchorwatch_process_open_fds",
    type: "gauge",
    labels: [],
    help: "Files and connections that the daemon holds open",
  },
  startTime: {
    name: "anchorwatch_process_start_time_seconds",
    type: "gauge",
    labels: [],
    help: "When the daemon was started",
  },
  buildInfo: {
    name: "anchorwatch_build_info",
    type: "gauge",
    labels: ["version", "node", "openssl"],
    help: "Versions of the program and its runtime; always 1",
  },
} as const satisfies Record<string, MetricFamily>;
