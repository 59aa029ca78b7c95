import { type DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { toCertificates, toFinding, toLinkDashboard, toLiveLink, UIDS } from "./addresses.ts";
import {
  lanes,
  lines,
  list,
  NEUTRAL,
  now,
  number,
  overTime,
  REMAINING,
  REMAINING_SHARE,
  rows,
  words,
} from "./panels.ts";
import { skeleton } from "./skeleton.ts";
import { common, ENDPOINT, instance, LINK, oneLink } from "./variables.ts";

const TILE = { width: 4, height: 4 };

const NOT_AFTER = "anchorwatch_endpoint_certificate_not_after_timestamp_seconds";
const NOT_BEFORE = "anchorwatch_endpoint_certificate_not_before_timestamp_seconds";

const verdict = (title: string, description: string, metric: string, yes: string, no: string) =>
  number({ title, description }, TILE, {
    query: now(`min(${metric}{${LINK}})`),
    limits: NEUTRAL,
  }).mappings(words(yes, no));

/** One client and one endpoint: the verdict, the reasons, the certificates, now and over time. */
export const link = (): DashboardBuilder =>
  skeleton({
    uid: UIDS.link,
    title: "Anchorwatch: link",
    description: "What one client makes of one endpoint, and what the endpoint presents",
    since: "7d",
  })
    .variables([...common(), instance(), ...oneLink()])
    .withPanel(
      verdict(
        "Link",
        "Handshake complete, chain trusted, name accepted",
        "anchorwatch_link_ok",
        "works",
        "broken",
      ).dataLinks([toLiveLink("variable")]),
    )
    .withPanel(
      verdict(
        "Chain",
        "Whether the client trusts the chain; nothing where there was none",
        "anchorwatch_link_trusted",
        "trusted",
        "not trusted",
      ),
    )
    .withPanel(
      verdict(
        "Name",
        "Whether the name fits by the client's rules, whether it checks or not",
        "anchorwatch_link_name_match",
        "fits",
        "does not fit",
      ),
    )
    .withPanel(
      number(
        {
          title: "Breaks in",
          description: "Nothing where the link is broken now, or never breaks by itself",
        },
        TILE,
        {
          query: now(`min(anchorwatch_link_breaks_timestamp_seconds{${LINK}}) - time()`),
          limits: REMAINING,
          unit: "dtdurations",
        },
      ).noValue("–"),
    )
    .withPanel(
      number(
        {
          title: "Lifetime left",
          description:
            "Share of the leaf's lifetime that is left; of the address that is nearest to its end",
        },
        TILE,
        {
          query: now(
            `min((${NOT_AFTER}{${ENDPOINT},position="0"} - time()) / (${NOT_AFTER}{${ENDPOINT},position="0"} - ${NOT_BEFORE}{${ENDPOINT},position="0"}))`,
          ),
          limits: REMAINING_SHARE,
          unit: "percentunit",
        },
      ).noValue("–"),
    )
    .withPanel(
      number(
        { title: "Worked", description: "Share of the chosen time in which the link worked" },
        TILE,
        {
          query: now(`avg(avg_over_time(anchorwatch_link_ok{${LINK}}[$__range]))`),
          limits: NEUTRAL,
          unit: "percentunit",
        },
      ),
    )
    .withRow(new RowBuilder("Why"))
    .withPanel(
      list(
        { title: "Findings", description: "What was diagnosed; critical ones break the link" },
        { width: 10, height: 8 },
        {
          queries: [rows(`anchorwatch_finding_info{${LINK}}`)],
          columns: [
            { field: "severity", title: "Severity", width: 120 },
            { field: "code", title: "Finding" },
          ],
          links: [toFinding("row")],
          sortBy: "Severity",
          empty: "Nothing is wrong",
        },
      ),
    )
    .withPanel(
      list(
        {
          title: "Other clients of this endpoint",
          description: "Where others can use it, the fault is on the client's side",
        },
        { width: 14, height: 8 },
        {
          queries: [rows(`anchorwatch_link_ok{${ENDPOINT}}`)],
          columns: [
            { field: "client", title: "Client" },
            { field: "endpoint", title: "Endpoint" },
            { field: "Value", title: "Link", mappings: words("works", "broken"), limits: NEUTRAL },
          ],
          links: [toLinkDashboard("row"), toLiveLink("row")],
          sortBy: "Client",
          empty: "No client depends on it",
        },
      ),
    )
    .withRow(new RowBuilder("What the endpoint presents"))
    .withPanel(
      list(
        { title: "Addresses", description: "The handshake with each address of the endpoint" },
        { width: 24, height: 7 },
        {
          queries: [
            rows(`max by (endpoint, address) (anchorwatch_endpoint_up{${ENDPOINT}})`),
            rows(
              `max by (endpoint, address) (anchorwatch_endpoint_last_probe_timestamp_seconds{${ENDPOINT}}) * 1000`,
            ),
            rows(
              `group by (endpoint, address, version, cipher_suite, group) (anchorwatch_endpoint_tls_info{${ENDPOINT}})`,
            ),
            rows(
              `group by (endpoint, address, reason) (anchorwatch_endpoint_failure_info{${ENDPOINT}})`,
            ),
          ],
          columns: [
            { field: "address", title: "Address" },
            {
              field: "Value #A",
              title: "Handshake",
              mappings: words("complete", "failed"),
              limits: NEUTRAL,
            },
            { field: "reason", title: "Why it failed" },
            { field: "version", title: "Version" },
            { field: "cipher_suite", title: "Cipher suite" },
            { field: "group", title: "Group" },
            { field: "Value #B", title: "Probed", unit: "dateTimeFromNow" },
          ],
          empty: "Not probed yet",
        },
      ),
    )
    .withPanel(
      list(
        {
          title: "Certificates as sent",
          description:
            "In the order in which each address sends them; position 0 is the server's own",
        },
        { width: 24, height: 9 },
        {
          queries: [
            rows(
              `anchorwatch_endpoint_certificate_info{${ENDPOINT}} * on (job, instance, endpoint, address, position) group_left () ${NOT_AFTER}{${ENDPOINT}} * 1000`,
            ),
          ],
          columns: [
            { field: "address", title: "Address", width: 140 },
            { field: "position", title: "Position", width: 90 },
            { field: "subject", title: "Subject" },
            { field: "issuer", title: "Issuer" },
            { field: "Value", title: "Ends", unit: "dateTimeAsIso", width: 180 },
            { field: "serial", title: "Serial number" },
            { field: "sha256", title: "SHA-256" },
            { field: "endpoint", title: "Endpoint" },
          ],
          links: [toCertificates("row")],
          sortBy: "Position",
          empty: "No certificate was sent",
        },
      ),
    )
    .withRow(new RowBuilder("Over time"))
    .withPanel(
      lanes(
        { title: "Verdicts", description: "What the client made of the endpoint" },
        { width: 12, height: 8 },
        {
          queries: [
            overTime(`min(anchorwatch_link_ok{${LINK}})`, "link"),
            overTime(`min(anchorwatch_link_trusted{${LINK}})`, "chain"),
            overTime(`min(anchorwatch_link_name_match{${LINK}})`, "name"),
          ],
          mappings: words("yes", "no"),
        },
      ),
    )
    .withPanel(
      lines(
        {
          title: "Lifetime left",
          description: "A jump upwards is a renewal; one downwards an older certificate",
        },
        { width: 12, height: 8 },
        {
          queries: [
            overTime(
              `max by (address) (${NOT_AFTER}{${ENDPOINT},position="0"}) - time()`,
              "leaf at {{address}}",
            ),
            overTime(
              `min(anchorwatch_link_breaks_timestamp_seconds{${LINK}}) - time()`,
              "until the link breaks",
            ),
          ],
          unit: "dtdurations",
        },
      ),
    );
