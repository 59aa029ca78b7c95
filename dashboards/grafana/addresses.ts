import { DashboardLinkBuilder, DashboardLinkType } from "@grafana/grafana-foundation-sdk/dashboard";

/** Identifiers under which the dashboards find each other. */
export const UIDS = {
  overview: "anchorwatch-overview",
  link: "anchorwatch-link",
  certificates: "anchorwatch-certificates",
  daemon: "anchorwatch-daemon",
} as const;

/** What a link of a panel takes a name from: the row of a table, the labels of a series, or a variable. */
type Source = "row" | "series" | "variable";

const SOURCES: Readonly<Record<Source, (label: string) => string>> = {
  row: (label) => `\${__data.fields.${label}:percentencode}`,
  series: (label) => `\${__field.labels.${label}:percentencode}`,
  variable: (label) => `\${${label}:percentencode}`,
};

const name = (source: Source, label: string): string => SOURCES[source](label);

const dataLink = (title: string, url: string): DashboardLinkBuilder =>
  new DashboardLinkBuilder(title).url(url).targetBlank(true);

/** To the page of a client and an endpoint in the live page; the variable `page` holds its address. */
export const toLiveLink = (source: Source): DashboardLinkBuilder =>
  dataLink(
    "Why, and what repairs it (live page)",
    `\${page:raw}/#/links/${name(source, "client")}/${name(source, "endpoint")}`,
  );

/** To the explanation of a finding in the live page. */
export const toFinding = (source: Source): DashboardLinkBuilder =>
  dataLink(
    "What this finding means (live page)",
    `\${page:raw}/#/findings/${name(source, "code")}`,
  );

/** To the dashboard of one link. */
export const toLinkDashboard = (source: Source): DashboardLinkBuilder =>
  dataLink(
    "This link over time",
    `/d/${UIDS.link}?\${ds:queryparam}&\${page:queryparam}&var-client=${name(source, "client")}&var-endpoint=${name(source, "endpoint")}`,
  ).targetBlank(false);

/** To the certificates of an endpoint. */
export const toCertificates = (source: Source): DashboardLinkBuilder =>
  dataLink(
    "Certificates of this endpoint",
    `/d/${UIDS.certificates}?\${ds:queryparam}&\${page:queryparam}&var-endpoint=${name(source, "endpoint")}`,
  ).targetBlank(false);

/** The links in the head of every dashboard: to its siblings and to the live page. */
export const headLinks = (): DashboardLinkBuilder[] => [
  new DashboardLinkBuilder("Anchorwatch")
    .type(DashboardLinkType.Dashboards)
    .tags(["anchorwatch"])
    .asDropdown(false)
    .includeVars(false)
    .keepTime(true),
  new DashboardLinkBuilder("Live page")
    .type(DashboardLinkType.Link)
    .icon("external link")
    .url("${page:raw}")
    .targetBlank(true),
];
