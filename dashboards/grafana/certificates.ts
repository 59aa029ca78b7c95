import { type DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { toCertificates, toLinkDashboard, toLiveLink, UIDS } from "./addresses.ts";
import {
  bars,
  lines,
  list,
  NEUTRAL,
  NONE_IS_BETTER,
  NONE_IS_GOOD,
  now,
  number,
  overTime,
  REMAINING,
  REMAINING_SHARE,
  rows,
} from "./panels.ts";
import { skeleton } from "./skeleton.ts";
import { common, DAEMON, endpoints, ENDPOINTS, instance } from "./variables.ts";

const TILE = { width: 4, height: 4 };

const AT = "on (job, instance, endpoint, address, position) group_left ()";
const NOT_AFTER = "anchorwatch_endpoint_certificate_not_after_timestamp_seconds";
const NOT_BEFORE = "anchorwatch_endpoint_certificate_not_before_timestamp_seconds";
const INFO = "anchorwatch_endpoint_certificate_info";
const BREAKS = `anchorwatch_link_breaks_timestamp_seconds{${ENDPOINTS}} - time()`;

const DAY = 86_400;

/** Seconds that are left, one series for each certificate, wherever it is sent. */
const LEFT = `(min by (sha256) (${INFO}{${ENDPOINTS}} * ${AT} ${NOT_AFTER}{${ENDPOINTS}}) - time())`;

const SHARE_LEFT = `(${NOT_AFTER}{${ENDPOINTS},position="0"} - time()) / (${NOT_AFTER}{${ENDPOINTS},position="0"} - ${NOT_BEFORE}{${ENDPOINTS},position="0"})`;

const ending = (days: number) =>
  number(
    {
      title: `End within ${days} days`,
      description: `Different certificates that end within ${days} days and have not ended yet`,
    },
    TILE,
    {
      query: now(`count(${LEFT} > 0 < ${days * DAY}) or vector(0)`),
      limits: days <= 7 ? NONE_IS_GOOD : NONE_IS_BETTER,
    },
  );

/** From, until and name of the periods in which links break. */
const PERIODS = [
  [0, 7, "within 7 days"],
  [7, 30, "in 7 to 30 days"],
  [30, 90, "in 30 to 90 days"],
  [90, 180, "in 90 to 180 days"],
  [180, 365, "in 180 days to a year"],
] as const;

/** What ends when: leaves, intermediates, anchors, and the links that break with them. */
export const certificates = (): DashboardBuilder =>
  skeleton({
    uid: UIDS.certificates,
    title: "Anchorwatch: certificate expiry",
    description: "Which certificates end when, which links break with them, what was replaced",
    since: "30d",
  })
    .variables([...common(), instance(), ...endpoints()])
    .withPanel(
      number(
        {
          title: "Certificates",
          description: "Different certificates that the endpoints send, CAs among them",
        },
        TILE,
        { query: now(`count(group by (sha256) (${INFO}{${ENDPOINTS}}))`), limits: NEUTRAL },
      ),
    )
    .withPanel(
      number(
        {
          title: "Ended",
          description: "Different certificates that have ended and are still sent",
        },
        TILE,
        { query: now(`count(${LEFT} <= 0) or vector(0)`), limits: NONE_IS_GOOD },
      ),
    )
    .withPanel(ending(7))
    .withPanel(ending(14))
    .withPanel(ending(30))
    .withPanel(
      number(
        {
          title: "Shortest lifetime left",
          description: "Share of the lifetime that is left of the leaf that is nearest to its end",
        },
        TILE,
        { query: now(`min(${SHARE_LEFT} > 0)`), limits: REMAINING_SHARE, unit: "percentunit" },
      ),
    )
    .withRow(new RowBuilder("What ends"))
    .withPanel(
      list(
        {
          title: "Servers' own certificates",
          description: "The one that is sent first, for each address",
        },
        { width: 14, height: 11 },
        {
          queries: [
            rows(
              `bottomk(500, ${INFO}{${ENDPOINTS},position="0"} * ${AT} ${NOT_AFTER}{${ENDPOINTS},position="0"}) - time()`,
            ),
          ],
          columns: [
            { field: "endpoint", title: "Endpoint" },
            { field: "address", title: "Address" },
            { field: "Value", title: "Ends in", unit: "dtdurations", limits: REMAINING },
            { field: "subject", title: "Subject" },
            { field: "issuer", title: "Issuer" },
          ],
          links: [toCertificates("row")],
          sortBy: "Ends in",
          empty: "No endpoint sends a certificate",
        },
      ),
    )
    .withPanel(
      list(
        {
          title: "CA certificates that servers send",
          description: "Each once, with the number of endpoints that send it",
        },
        { width: 10, height: 11 },
        {
          queries: [
            rows(
              `min by (sha256, subject) (${INFO}{${ENDPOINTS},position!="0"} * ${AT} ${NOT_AFTER}{${ENDPOINTS},position!="0"}) - time()`,
            ),
            rows(
              `count by (sha256, subject) (group by (sha256, subject, endpoint) (${INFO}{${ENDPOINTS},position!="0"}))`,
            ),
          ],
          columns: [
            { field: "subject", title: "Subject" },
            { field: "Value #A", title: "Ends in", unit: "dtdurations", limits: REMAINING },
            { field: "Value #B", title: "Endpoints", width: 100 },
          ],
          sortBy: "Ends in",
          empty: "No endpoint sends a CA certificate",
        },
      ),
    )
    .withRow(new RowBuilder("What breaks with it"))
    .withPanel(
      bars(
        {
          title: "Links that break",
          description:
            "By each client's own verdict: an intermediate or an anchor may end before the leaf",
        },
        { width: 8, height: 9 },
        {
          queries: PERIODS.map(([from, until, name]) =>
            now(`count((${BREAKS}) > ${from * DAY} <= ${until * DAY}) or vector(0)`, name),
          ),
          limits: NEUTRAL,
        },
      ),
    )
    .withPanel(
      list(
        { title: "Links by the time they break", description: "The nearest first" },
        { width: 9, height: 9 },
        {
          queries: [rows(`bottomk(200, ${BREAKS})`)],
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
      list(
        {
          title: "Truststores",
          description:
            "Trust anchors and the earliest end among them; an anchor that has ended may be one that nobody needs",
        },
        { width: 7, height: 9 },
        {
          queries: [
            rows(
              `min by (truststore) (anchorwatch_truststore_earliest_expiry_timestamp_seconds{${DAEMON}}) - time()`,
            ),
            rows(`min by (truststore) (anchorwatch_truststore_anchors{${DAEMON}})`),
          ],
          columns: [
            { field: "truststore", title: "Truststore" },
            { field: "Value #A", title: "Ends in", unit: "dtdurations", limits: REMAINING },
            { field: "Value #B", title: "Anchors", width: 90 },
          ],
          sortBy: "Ends in",
          empty: "The estate names no truststores",
        },
      ),
    )
    .withRow(new RowBuilder("What was replaced, and by whom they are issued"))
    .withPanel(
      lines(
        {
          title: "Lifetime left",
          description:
            "Of the 20 leaves that are nearest to their end; a jump upwards is a renewal",
        },
        { width: 10, height: 9 },
        {
          queries: [
            overTime(
              `bottomk(20, min by (endpoint) (${NOT_AFTER}{${ENDPOINTS},position="0"}) - time())`,
              "{{endpoint}}",
            ),
          ],
          unit: "dtdurations",
        },
      ),
    )
    .withPanel(
      list(
        {
          title: "New within a day",
          description: "Leaves that were not sent a day ago, by endpoints that were watched then",
        },
        { width: 8, height: 9 },
        {
          queries: [
            rows(
              `(${INFO}{${ENDPOINTS},position="0"} unless on (job, instance, endpoint, address, sha256) ${INFO}{${ENDPOINTS},position="0"} offset 1d) and on (job, instance, endpoint, address) ${INFO}{${ENDPOINTS},position="0"} offset 1d`,
            ),
          ],
          columns: [
            { field: "endpoint", title: "Endpoint" },
            { field: "address", title: "Address" },
            { field: "issuer", title: "Issuer" },
            { field: "sha256", title: "SHA-256" },
          ],
          links: [toCertificates("row")],
          empty: "Nothing was replaced",
        },
      ),
    )
    .withPanel(
      bars(
        { title: "Issuers", description: "Different leaves by the CA that issued them" },
        { width: 6, height: 9 },
        {
          queries: [
            now(
              `topk(15, count by (issuer) (group by (issuer, sha256) (${INFO}{${ENDPOINTS},position="0"})))`,
              "{{issuer}}",
            ),
          ],
          limits: NEUTRAL,
        },
      ),
    );
