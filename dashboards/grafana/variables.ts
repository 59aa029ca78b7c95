import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";

/** The Prometheus that the user chose. */
export const DATASOURCE = { type: "prometheus", uid: "${ds}" } as const;

/** Where the live page is by default; see `http.listen` of the estate. */
const PAGE = "http://127.0.0.1:9643";

const query = (name: string, label: string, text: string): QueryVariableBuilder =>
  new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query(text)
    .definition(text)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc);

/** A choice of several, all of them at first. All matches the empty value, too. */
const several = (name: string, label: string, text: string): QueryVariableBuilder =>
  query(name, label, text)
    .multi(true)
    .includeAll(true)
    .allValue(".*")
    .current({ selected: true, text: ["All"], value: ["$__all"] });

/** The data source, and the address of the live page. Every dashboard has these two. */
export const common = (): [DatasourceVariableBuilder, TextBoxVariableBuilder] => [
  new DatasourceVariableBuilder("ds").label("Prometheus").type("prometheus"),
  new TextBoxVariableBuilder("page")
    .label("Live page")
    .description("Address of Anchorwatch's live page, without a slash at its end")
    .defaultValue(PAGE)
    .current({ selected: true, text: PAGE, value: PAGE })
    .options([{ selected: true, text: PAGE, value: PAGE }]),
];

/** The daemon, where several are scraped. */
export const instance = (): QueryVariableBuilder =>
  several("instance", "Daemon", "label_values(anchorwatch_build_info, instance)");

/** The clients of an estate. */
export const client = (): QueryVariableBuilder =>
  several("client", "Client", 'label_values(anchorwatch_link_ok{instance=~"$instance"}, client)');

/**
 * Endpoints with the labels that the estate gives them: the label `zone`, any other label by name and value,
 * and the endpoints that have these. There is no label `unset`: a matcher on it holds where `$zone` matches the
 * empty string, which All does, so that endpoints without a zone are there as long as none is chosen.
 */
export const endpoints = (): QueryVariableBuilder[] => [
  several(
    "zone",
    "Zone",
    'label_values(anchorwatch_endpoint_label_info{instance=~"$instance",label="zone"}, value)',
  ),
  several(
    "label",
    "Label",
    'label_values(anchorwatch_endpoint_label_info{instance=~"$instance",label!=""}, label)',
  ),
  several(
    "value",
    "Its value",
    'label_values(anchorwatch_endpoint_label_info{instance=~"$instance",label=~"$label",label!=""}, value)',
  ),
  query(
    "endpoint",
    "Endpoint",
    'query_result(group by (endpoint) (anchorwatch_endpoint_label_info{instance=~"$instance",label=~"$label",value=~"$value"}) and on (endpoint) (anchorwatch_endpoint_label_info{label="zone",value=~"$zone"} or anchorwatch_endpoint_label_info{unset=~"$zone"}))',
  )
    .regex('/endpoint="(.*)"\\}/')
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ["All"], value: ["$__all"] }),
];

/** One client and one endpoint that it depends on. */
export const oneLink = (): QueryVariableBuilder[] => [
  query("client", "Client", 'label_values(anchorwatch_link_ok{instance=~"$instance"}, client)'),
  query(
    "endpoint",
    "Endpoint",
    'label_values(anchorwatch_link_ok{instance=~"$instance",client="$client"}, endpoint)',
  ),
];

/** Matchers of the chosen links. */
export const LINKS = 'instance=~"$instance",client=~"$client",endpoint=~"$endpoint"';

/** Matchers of the chosen endpoints. */
export const ENDPOINTS = 'instance=~"$instance",endpoint=~"$endpoint"';

/** Matchers of the one link that is looked at. */
export const LINK = 'instance=~"$instance",client="$client",endpoint="$endpoint"';

/** Matchers of its endpoint. */
export const ENDPOINT = 'instance=~"$instance",endpoint="$endpoint"';

/** Matchers of the chosen daemons. */
export const DAEMON = 'instance=~"$instance"';
