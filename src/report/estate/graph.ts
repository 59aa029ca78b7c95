import type { EstateOverview, ShownClient, ShownEndpoint } from "./overview.ts";

/** The links as trees, one for each client; what a gateway passes on stands below its listener. */
export function graphLines({ clients, endpoints, links }: EstateOverview): readonly string[] {
  const byName = new Map(endpoints.map((each) => [each.name, each]));
  const targets = Map.groupBy(links, ({ client }) => client);
  return clients.flatMap((client) => {
    const own = targets.get(client.name) ?? [];
    const trusts =
      client.peerCheck === "none"
        ? "checks no certificates"
        : `trusts ${client.truststores.length === 0 ? "nothing" : client.truststores.join(", ")}`;
    const head = `${client.name} (${client.profile}), ${trusts}${client.identity === null ? "" : ", shows a certificate"}`;
    if (own.length === 0) return [`${head}, no link`];
    return [
      head,
      ...own.map(({ endpoint }, index) => {
        const branch = index === own.length - 1 ? "└─" : "├─";
        return `${branch} ${endpointText(byName.get(endpoint), endpoint)}`;
      }),
    ];
  });
}

function endpointText(endpoint: ShownEndpoint | undefined, name: string): string {
  if (endpoint === undefined) return name;
  const { url, servedBy, clientAuth } = endpoint;
  return [
    name,
    url,
    ...(clientAuth === null || clientAuth === "none" ? [] : [`client certificate ${clientAuth}`]),
    ...(servedBy === null ? [] : [`served by ${servedBy}`]),
  ].join("  ");
}

const clientLabel = ({ name, profile, peerCheck }: ShownClient): string =>
  `${name}\n${profile}${peerCheck === "none" ? "\nchecks no certificates" : ""}`;

/** What stands together: a system with the clients that it is and the listeners that it has. */
interface Cluster {
  readonly label: string;
  readonly clients: readonly string[];
  readonly endpoints: readonly string[];
}

function clustersOf({ imports, clients, endpoints }: EstateOverview): readonly Cluster[] {
  return imports.map(({ prefix, system }) => ({
    label: prefix === system ? system : `${prefix} (${system})`,
    clients: clients.flatMap(({ name, source }) => (source.import === prefix ? [name] : [])),
    endpoints: endpoints.flatMap(({ name, source, labels }) =>
      source.import === prefix && labels["direction"] === "listens" ? [name] : [],
    ),
  }));
}

/** Names of listeners by the system that they belong to, for endpoints that others dial there. */
function hopsOf({ endpoints }: EstateOverview): readonly (readonly [from: string, to: string])[] {
  const listeners = endpoints.filter(({ labels }) => labels["direction"] === "listens");
  return endpoints.flatMap((endpoint) => {
    if (endpoint.labels["direction"] === "listens" || endpoint.servedBy === null) return [];
    const found = listeners.find(
      ({ servedBy, url }) => servedBy === endpoint.servedBy && sameHost(url, endpoint.url),
    );
    return found === undefined ? [] : [[endpoint.name, found.name] as const];
  });
}

function sameHost(a: string, b: string): boolean {
  const place = (url: string): string => url.replace(/^[^:]+:\/\//, "").replace(/[/?#].*$/s, "");
  return place(a).toLowerCase() === place(b).toLowerCase();
}

/** The graph in the language of Graphviz. */
export function graphDot(overview: EstateOverview): string {
  const { clients, endpoints, truststores, links } = overview;
  const id = (kind: string, name: string): string => dotText(`${kind} ${name}`);
  const clusters = clustersOf(overview).flatMap(({ label, ...held }, index) => [
    `  subgraph cluster_${index} {`,
    `    label=${dotText(label)};`,
    ...held.clients.map((name) => `    ${id("client", name)};`),
    ...held.endpoints.map((name) => `    ${id("endpoint", name)};`),
    "  }",
  ]);
  return [
    "digraph estate {",
    "  rankdir=LR;",
    '  node [fontname="sans-serif"];',
    ...clients.map(
      (client) =>
        `  ${id("client", client.name)} [shape=box, label=${dotText(clientLabel(client))}];`,
    ),
    ...endpoints.map(
      ({ name, url }) =>
        `  ${id("endpoint", name)} [shape=ellipse, label=${dotText(`${name}\n${url}`)}];`,
    ),
    ...truststores.map(
      ({ name }) => `  ${id("truststore", name)} [shape=cylinder, label=${dotText(name)}];`,
    ),
    ...clusters,
    ...links.map(
      ({ client, endpoint }) => `  ${id("client", client)} -> ${id("endpoint", endpoint)};`,
    ),
    ...hopsOf(overview).map(
      ([from, to]) =>
        `  ${id("endpoint", from)} -> ${id("endpoint", to)} [style=dashed, label="is"];`,
    ),
    ...truststores.flatMap(({ name, clients: users }) =>
      users.map(
        (client) =>
          `  ${id("client", client)} -> ${id("truststore", name)} [style=dotted, label="trusts"];`,
      ),
    ),
    "}",
    "",
  ].join("\n");
}

/** A quoted string of DOT: a backslash would begin an escape of a label. */
const dotText = (text: string): string =>
  `"${visible(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;

/** The graph as a flowchart of Mermaid. */
export function graphMermaid(overview: EstateOverview): string {
  const { clients, endpoints, truststores, links } = overview;
  const ids = new Map<string, string>();
  const id = (kind: string, name: string): string => {
    const key = `${kind} ${name}`;
    const known = ids.get(key) ?? `n${ids.size}`;
    ids.set(key, known);
    return known;
  };
  const clusters = clustersOf(overview).flatMap(({ label, ...held }, index) => [
    `  subgraph s${index}["${mermaidText(label)}"]`,
    ...held.clients.map((name) => `    ${id("client", name)}`),
    ...held.endpoints.map((name) => `    ${id("endpoint", name)}`),
    "  end",
  ]);
  return [
    "flowchart LR",
    ...clients.map(
      (client) => `  ${id("client", client.name)}["${mermaidText(clientLabel(client))}"]`,
    ),
    ...endpoints.map(
      ({ name, url }) => `  ${id("endpoint", name)}(["${mermaidText(`${name}\n${url}`)}"])`,
    ),
    ...truststores.map(({ name }) => `  ${id("truststore", name)}[("${mermaidText(name)}")]`),
    ...clusters,
    ...links.map(
      ({ client, endpoint }) => `  ${id("client", client)} --> ${id("endpoint", endpoint)}`,
    ),
    ...hopsOf(overview).map(
      ([from, to]) => `  ${id("endpoint", from)} -.->|is| ${id("endpoint", to)}`,
    ),
    ...truststores.flatMap(({ name, clients: users }) =>
      users.map((client) => `  ${id("client", client)} -.->|trusts| ${id("truststore", name)}`),
    ),
    "",
  ].join("\n");
}

/** A text of Mermaid: everything that it gives a meaning is written as its number. */
const mermaidText = (text: string): string =>
  visible(text)
    .replaceAll(/["#&;<>`\\[\](){}|]/g, (character) => `#${character.codePointAt(0)};`)
    .replaceAll("\n", "<br>");

/** Line feeds aside, control and format characters become U+FFFD. */
const visible = (text: string): string => text.toWellFormed().replaceAll(/[^\P{C}\n]/gu, "\ufffd");
