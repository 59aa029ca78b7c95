import { type DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { toFinding, toLinkDashboard, toLiveLink, UIDS } from "./addresses.ts";
import {
  bars,
  lanes,
  lines,
  list,
  NEUTRAL,
  NONE_IS_BETTER,
  NONE_IS_GOOD,
  now,
  number,
  overTime,
  REMAINING,
  rows,
  words,
} from "./panels.ts";
import { skeleton } from "./skeleton.ts";
import { client, common, DAEMON, endpoints, ENDPOINTS, instance, LINKS } from "./variables.ts";

const TILE = { width: 4, height: 4 };

const OK = `anchorwatch_link_ok{${LINKS}}`;
const LEFT = `(anchorwatch_link_breaks_timestamp_seconds{${LINKS}} - time())`;

/** Which links are broken, which will be, and where. */
export const overview = (): DashboardBuilder =>
  skeleton({
    uid: UIDS.overview,
    title: "Anchorwatch: overview",
    description: "Which clients can use which endpoints, which will lose them, and why",
    since: "24h",
  })
    .variables([...common(), instance(), client(), ...endpoints()])
    .withPanel(
      number(
        { title: "Links", description: "Pairs of a client and an endpoint that are watched" },
        TILE,
        { query: now(`count(${OK})`), limits: NEUTRAL },
      ),
    )
    .withPanel(
      number({ title: "Broken", description: "Links that the client cannot use now" }, TILE, {
        query: now(`sum(1 - ${OK})`),
        limits: NONE_IS_GOOD,
      }),
    )
    .withPanel(
      number(
        {
          title: "Break within 7 days",
          description: "Links whose verdict turns bad within 7 days",
        },
        TILE,
        {
          query: now(`count(${LEFT} < 7 * 86400) or vector(0)`),
          limits: NONE_IS_GOOD,
        },
      ),
    )
    .withPanel(
      number(
        {
          title: "Break within 30 days",
          description: "Links whose verdict turns bad within 30 days",
        },
        TILE,
        {
          query: now(`count(${LEFT} < 30 * 86400) or vector(0)`),
          limits: NONE_IS_BETTER,
        },
      ),
    )
    .withPanel(
      number(
        {
          title: "Addresses down",
          description: "Addresses of endpoints with which no handshake completes",
        },
        TILE,
        {
          query: now(`sum(1 - anchorwatch_endpoint_up{${ENDPOINTS}})`),
          limits: NONE_IS_GOOD,
        },
      ),
    )
    .withPanel(
      number(
        {
          title: "Problems of the watcher",
          description: "What keeps the daemon from watching; the dashboard of the daemon has more",
        },
        TILE,
        { query: now(`sum(anchorwatch_health_problems{${DAEMON}})`), limits: NONE_IS_BETTER },
      ),
    )
    .withRow(new RowBuilder("Now"))
    .withPanel(
      list(
        {
          title: "Broken links",
          description: "Each with the findings that break it; several findings are several rows",
        },
        { width: 14, height: 10 },
        {
          queries: [
            rows(
              `anchorwatch_finding_info{${LINKS},severity="critical"} and on (job, instance, client, endpoint) ${OK} == 0`,
            ),
          ],
          columns: [
            { field: "client", title: "Client" },
            { field: "endpoint", title: "Endpoint" },
            { field: "code", title: "Finding" },
          ],
          links: [toLiveLink("row"), toFinding("row"), toLinkDashboard("row")],
          sortBy: "Endpoint",
          empty: "Every link works",
        },
      ),
    )
    .withPanel(
      list(
        {
          title: "Links that break next",
          description: "The first time at which the client's own verdict turns bad",
        },
        { width: 10, height: 10 },
        {
          queries: [rows(`bottomk(100, ${LEFT})`)],
          columns: [
            { field: "client", title: "Client" },
            { field: "endpoint", title: "Endpoint" },
            { field: "Value", title: "Breaks in", unit: "dtdurations", limits: REMAINING },
          ],
          links: [toLiveLink("row"), toLinkDashboard("row")],
          sortBy: "Breaks in",
          empty: "No link that works has an end in sight",
        },
      ),
    )
    .withPanel(
      bars(
        {
          title: "Findings that break links",
          description: "How many links each finding breaks; one repair often mends many",
        },
        { width: 8, height: 9 },
        {
          queries: [
            now(
              `sort_desc(count by (code) (anchorwatch_finding_info{${LINKS},severity="critical"}))`,
              "{{code}}",
            ),
          ],
          limits: NONE_IS_GOOD,
        },
      ),
    )
    .withPanel(
      bars(
        {
          title: "Broken links by zone",
          description: "By the label `zone` that the estate gives to endpoints",
        },
        { width: 8, height: 9 },
        {
          queries: [
            now(
              `sum by (value) ((1 - ${OK}) * on (job, instance, endpoint) group_left (value) anchorwatch_endpoint_label_info{${ENDPOINTS},label="zone"})`,
              "{{value}}",
            ),
          ],
          limits: NONE_IS_GOOD,
        },
      ),
    )
    .withPanel(
      bars(
        { title: "Broken links by client", description: "Clients with at least one broken link" },
        { width: 8, height: 9 },
        {
          queries: [now(`topk(20, sum by (client) (1 - ${OK}) > 0)`, "{{client}}")],
          limits: NONE_IS_GOOD,
        },
      ),
    )
    .withRow(new RowBuilder("Over time"))
    .withPanel(
      lines(
        { title: "Links", description: "Links that work and links that do not" },
        { width: 10, height: 10 },
        {
          queries: [overTime(`sum(1 - ${OK})`, "broken"), overTime(`sum(${OK})`, "working")],
          stacked: true,
        },
      ),
    )
    .withPanel(
      lanes(
        {
          title: "Links that did not always work",
          description: "Only links that were broken at some moment of the chosen time",
        },
        { width: 14, height: 10 },
        {
          queries: [
            overTime(
              `${OK} and on (job, instance, client, endpoint) min_over_time(${OK}[$__range] @ end()) == 0`,
              "{{client}} → {{endpoint}}",
            ),
          ],
          mappings: words("works", "broken"),
        },
      ).dataLinks([toLiveLink("series"), toLinkDashboard("series")]),
    );
