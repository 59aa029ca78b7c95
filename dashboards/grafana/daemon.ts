import { type DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { UIDS } from "./addresses.ts";
import {
  LATE,
  lines,
  list,
  NEUTRAL,
  NONE_IS_BETTER,
  NONE_IS_GOOD,
  now,
  number,
  overTime,
  rows,
  words,
} from "./panels.ts";
import { skeleton } from "./skeleton.ts";
import { common, DAEMON, instance } from "./variables.ts";

const TILE = { width: 4, height: 4 };
const THIRD = { width: 8, height: 8 };

const quantile = (share: number, phase: string): string =>
  `histogram_quantile(${share}, sum by (le) (rate(anchorwatch_handshake_duration_seconds_bucket{${DAEMON},phase="${phase}"}[$__rate_interval])))`;

/** Whether the watcher itself sees, keeps up and tells people. */
export const daemon = (): DashboardBuilder =>
  skeleton({
    uid: UIDS.daemon,
    title: "Anchorwatch: daemon",
    description: "Whether the watcher itself sees, keeps up and tells people",
    since: "6h",
  })
    .variables([...common(), instance()])
    .withPanel(
      number({ title: "Daemons", description: "Daemons that are scraped" }, TILE, {
        query: now(`count(anchorwatch_build_info{${DAEMON}})`),
        limits: NEUTRAL,
      }),
    )
    .withPanel(
      number({ title: "Problems", description: "What /healthz tells" }, TILE, {
        query: now(`sum(anchorwatch_health_problems{${DAEMON}})`),
        limits: NONE_IS_BETTER,
      }),
    )
    .withPanel(
      number(
        {
          title: "Behind its time",
          description: "Longest delay of a probe within the last minute",
        },
        TILE,
        {
          query: now(`max(anchorwatch_scheduler_lag_seconds{${DAEMON}})`),
          limits: LATE,
          unit: "s",
        },
      ),
    )
    .withPanel(
      number(
        {
          title: "Oldest result",
          description:
            "Age of the endpoint that was probed longest ago; compare with schedule.every",
        },
        TILE,
        {
          query: now(`time() - min(anchorwatch_endpoint_last_probe_timestamp_seconds{${DAEMON}})`),
          limits: NEUTRAL,
          unit: "dtdurations",
        },
      ),
    )
    .withPanel(
      number(
        { title: "Truststores unreadable", description: "Truststores that cannot be read" },
        TILE,
        {
          query: now(`sum(1 - anchorwatch_truststore_loaded{${DAEMON}})`),
          limits: NONE_IS_GOOD,
        },
      ),
    )
    .withPanel(
      number(
        {
          title: "Alerts firing",
          description: "Alerts of the daemon itself, one for each cause",
        },
        TILE,
        { query: now(`sum(anchorwatch_alerts_firing{${DAEMON}})`), limits: NONE_IS_BETTER },
      ),
    )
    .withRow(new RowBuilder("Does it see"))
    .withPanel(
      lines({ title: "Handshakes", description: "Per second, by how they ended" }, THIRD, {
        queries: [
          overTime(
            `sum by (outcome) (rate(anchorwatch_probes_total{${DAEMON}}[$__rate_interval]))`,
            "{{outcome}}",
          ),
        ],
        unit: "ops",
        stacked: true,
      }),
    )
    .withPanel(
      lines(
        { title: "Why handshakes fail", description: "Addresses by the reason of their failure" },
        THIRD,
        {
          queries: [
            overTime(
              `count by (reason) (anchorwatch_endpoint_failure_info{${DAEMON}})`,
              "{{reason}}",
            ),
          ],
          stacked: true,
        },
      ),
    )
    .withPanel(
      list(
        { title: "Problems of the watcher", description: "By their code, see docs/operations.md" },
        THIRD,
        {
          queries: [rows(`anchorwatch_health_problems{${DAEMON}} > 0`)],
          columns: [
            { field: "instance", title: "Daemon" },
            { field: "code", title: "Problem" },
            { field: "Value", title: "Times", width: 80 },
          ],
          empty: "No problem",
        },
      ),
    )
    .withRow(new RowBuilder("Does it keep up"))
    .withPanel(
      lines(
        { title: "Behind its time", description: "Longest delay of a probe within a minute" },
        THIRD,
        {
          queries: [overTime(`anchorwatch_scheduler_lag_seconds{${DAEMON}}`, "{{instance}}")],
          unit: "s",
        },
      ),
    )
    .withPanel(
      lines(
        {
          title: "In flight and due",
          description: "Conversations under way, and endpoints whose time has come",
        },
        THIRD,
        {
          queries: [
            overTime(`anchorwatch_scheduler_in_flight{${DAEMON}}`, "in flight, {{instance}}"),
            overTime(`anchorwatch_scheduler_due{${DAEMON}}`, "due, {{instance}}"),
            overTime(`anchorwatch_probe_threads{${DAEMON}}`, "threads, {{instance}}"),
          ],
        },
      ),
    )
    .withPanel(
      lines(
        {
          title: "Time of a handshake",
          description: "From the beginning to its end, and to the end of the connection's set-up",
        },
        THIRD,
        {
          queries: [
            overTime(quantile(0.5, "complete"), "half are complete within"),
            overTime(quantile(0.95, "complete"), "19 of 20 are complete within"),
            overTime(quantile(0.95, "connect"), "19 of 20 connections within"),
          ],
          unit: "s",
        },
      ),
    )
    .withPanel(
      lines(
        { title: "Delay of the event loop", description: "Turns that take long delay everything" },
        THIRD,
        {
          queries: [
            overTime(
              `anchorwatch_event_loop_delay_seconds{${DAEMON}}`,
              "{{statistic}}, {{instance}}",
            ),
          ],
          unit: "s",
        },
      ),
    )
    .withPanel(
      lines({ title: "Memory", description: "Memory that the daemon occupies" }, THIRD, {
        queries: [overTime(`anchorwatch_process_resident_memory_bytes{${DAEMON}}`, "{{instance}}")],
        unit: "bytes",
      }),
    )
    .withPanel(
      lines({ title: "Open files and connections", description: "On Linux" }, THIRD, {
        queries: [overTime(`anchorwatch_process_open_fds{${DAEMON}}`, "{{instance}}")],
      }),
    )
    .withRow(new RowBuilder("Does it remember, and tell people"))
    .withPanel(
      lines(
        { title: "Alerts", description: "Alerts of the daemon itself that fire, by severity" },
        THIRD,
        {
          queries: [
            overTime(`sum by (severity) (anchorwatch_alerts_firing{${DAEMON}})`, "{{severity}}"),
          ],
          stacked: true,
        },
      ),
    )
    .withPanel(
      lines(
        {
          title: "Messages",
          description: "Messages about alerts: taken or given up per hour, and those that wait",
        },
        THIRD,
        {
          queries: [
            overTime(
              `sum by (notifier, outcome) (increase(anchorwatch_notifications_total{${DAEMON}}[1h]))`,
              "{{notifier}} {{outcome}}",
            ),
            overTime(
              `sum by (notifier) (anchorwatch_notifications_waiting{${DAEMON}})`,
              "{{notifier}} waiting",
            ),
          ],
        },
      ),
    )
    .withPanel(
      lines(
        {
          title: "History",
          description:
            "Results that wait because the history cannot be written, and those that were lost within an hour",
        },
        THIRD,
        {
          queries: [
            overTime(`anchorwatch_history_waiting{${DAEMON}}`, "waiting, {{instance}}"),
            overTime(
              `increase(anchorwatch_history_lost_total{${DAEMON}}[1h])`,
              "lost, {{instance}}",
            ),
          ],
        },
      ),
    )
    .withPanel(
      lines(
        {
          title: "Loads of the estate",
          description: "How often the estate was loaded, or refused, within an hour",
        },
        THIRD,
        {
          queries: [
            overTime(
              `sum by (outcome) (increase(anchorwatch_estate_loads_total{${DAEMON}}[1h]))`,
              "{{outcome}}",
            ),
          ],
        },
      ),
    )
    .withPanel(
      list(
        {
          title: "Quiet endpoints",
          description: "Endpoints that are left alone now, because their estate asks for it",
        },
        THIRD,
        {
          queries: [rows(`anchorwatch_endpoint_quiet{${DAEMON}} == 1`)],
          columns: [
            { field: "instance", title: "Daemon" },
            { field: "endpoint", title: "Endpoint" },
          ],
          empty: "Every endpoint is probed at its time",
        },
      ),
    )
    .withPanel(
      list(
        { title: "Truststores", description: "Whether each can be read, and its trust anchors" },
        THIRD,
        {
          queries: [
            rows(`min by (truststore) (anchorwatch_truststore_loaded{${DAEMON}})`),
            rows(`min by (truststore) (anchorwatch_truststore_anchors{${DAEMON}})`),
          ],
          columns: [
            { field: "truststore", title: "Truststore" },
            {
              field: "Value #A",
              title: "State",
              mappings: words("read", "unreadable"),
              limits: NEUTRAL,
            },
            { field: "Value #B", title: "Anchors", width: 100 },
          ],
          sortBy: "Truststore",
          empty: "The estate names no truststores",
        },
      ),
    )
    .withPanel(
      list(
        {
          title: "Versions",
          description: "Of the program and its runtime, and since when it runs",
        },
        { width: 24, height: 6 },
        {
          queries: [
            rows(
              `anchorwatch_build_info{${DAEMON}} * on (job, instance) group_left () anchorwatch_process_start_time_seconds{${DAEMON}} * 1000`,
            ),
          ],
          columns: [
            { field: "instance", title: "Daemon" },
            { field: "version", title: "Anchorwatch" },
            { field: "node", title: "Node.js" },
            { field: "openssl", title: "OpenSSL" },
            { field: "Value", title: "Started", unit: "dateTimeAsIso" },
          ],
          empty: "No daemon is scraped",
        },
      ),
    );
