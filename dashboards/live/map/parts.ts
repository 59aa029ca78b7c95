import type { Link, State } from "../api/types.ts";
import { countStates, keyOf, stateOf, worstOf } from "../model/states.ts";

/** A client, a gateway (both), an endpoint, or several that are folded into one. */
export interface MapNode {
  readonly id: string;
  readonly role: "client" | "gateway" | "endpoint";
  /** Names that it stands for. */
  readonly names: readonly string[];
  readonly state: State;
  readonly links: number;
}

/** One link, or several that are folded into one line. */
export interface MapEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly state: State;
  readonly links: readonly Link[];
}

/** What a group consists of, before it has a place on the page. */
export interface MapParts {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  /** Number of links that are folded away. */
  readonly folded: number;
}

/** Links of a group from which on those that are fine are folded. */
export const FOLD_FROM = 40;

const NAMES = { client: "c", gateway: "g", endpoint: "e" } as const;

const idOf = (role: MapNode["role"], name: string): string => `${NAMES[role]} ${name}`;

const FINE_CLIENTS = "c*";
const FINE_ENDPOINTS = "e*";

/**
 * Takes a group of links apart.
 *
 * @param isFolded - Whether endpoints without trouble become one, and clients without trouble another.
 * @param withGateways - Whether what is both client and endpoint stands between them, or on either side.
 */
export const partsOf = (
  links: readonly Link[],
  { isFolded, withGateways }: { readonly isFolded: boolean; readonly withGateways: boolean },
): MapParts => {
  const clients = new Set(links.map(({ client }) => client));
  // what is linked to itself has to stand on both sides
  for (const { client, endpoint } of links) if (client === endpoint) clients.delete(client);
  const gateways = new Set(
    withGateways ? links.flatMap(({ endpoint }) => (clients.has(endpoint) ? endpoint : [])) : [],
  );
  const fine = isFolded ? fineNames(links, gateways) : { clients: new Set(), endpoints: new Set() };
  const fromOf = ({ client }: Link): string =>
    gateways.has(client)
      ? idOf("gateway", client)
      : fine.clients.has(client)
        ? FINE_CLIENTS
        : idOf("client", client);
  const toOf = ({ endpoint }: Link): string =>
    gateways.has(endpoint)
      ? idOf("gateway", endpoint)
      : fine.endpoints.has(endpoint)
        ? FINE_ENDPOINTS
        : idOf("endpoint", endpoint);
  const edges = [
    ...Map.groupBy(links, (link) => {
      const [from, to] = [fromOf(link), toOf(link)];
      return to === FINE_ENDPOINTS || from === FINE_CLIENTS
        ? JSON.stringify([from, to])
        : keyOf(link);
    }),
  ].flatMap(([id, members]): readonly MapEdge[] => {
    const [first] = members;
    return first === undefined
      ? []
      : [
          {
            id,
            from: fromOf(first),
            to: toOf(first),
            state: worstOf(countStates(members)),
            links: members,
          },
        ];
  });
  return {
    nodes: nodesOf(links, fromOf, toOf),
    edges,
    folded: links.filter((link) => toOf(link) === FINE_ENDPOINTS || fromOf(link) === FINE_CLIENTS)
      .length,
  };
};

const fineNames = (
  links: readonly Link[],
  gateways: ReadonlySet<string>,
): { readonly clients: ReadonlySet<unknown>; readonly endpoints: ReadonlySet<unknown> } => {
  const troubled = links.filter((link) => stateOf(link) !== "ok");
  const badEndpoints = new Set(troubled.map(({ endpoint }) => endpoint));
  const endpoints = new Set(
    links.flatMap(({ endpoint }) =>
      badEndpoints.has(endpoint) || gateways.has(endpoint) ? [] : endpoint,
    ),
  );
  const badClients = new Set(troubled.map(({ client }) => client));
  const clients = new Set(
    links.flatMap(({ client }) => (badClients.has(client) || gateways.has(client) ? [] : client)),
  );
  return { clients, endpoints };
};

const nodesOf = (
  links: readonly Link[],
  fromOf: (link: Link) => string,
  toOf: (link: Link) => string,
): readonly MapNode[] => {
  const members = new Map<string, { readonly names: Set<string>; readonly links: Link[] }>();
  const add = (id: string, name: string, link: Link): void => {
    const known = members.get(id) ?? { names: new Set(), links: [] };
    known.names.add(name);
    known.links.push(link);
    members.set(id, known);
  };
  for (const link of links) {
    add(fromOf(link), link.client, link);
    add(toOf(link), link.endpoint, link);
  }
  return [...members]
    .map(([id, { names, links: own }]): MapNode => ({
      id,
      role: id.startsWith("c") ? "client" : id.startsWith("g") ? "gateway" : "endpoint",
      names: [...names].toSorted(),
      state: worstOf(countStates(own)),
      links: own.length,
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
};
