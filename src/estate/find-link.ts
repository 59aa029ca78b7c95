import { basename } from "node:path";
import type { Estate, EstateClient, EstateEndpoint } from "./estate.ts";

/** What a text tells about a link; null where it tells nothing. */
export interface LinkHints {
  readonly host: string | null;
  /** Decimal. */
  readonly port: string | null;
  /** Path of the client's truststore, on whatever machine wrote the text. */
  readonly truststore: string | null;
  /** Profile of the kind of client. */
  readonly profile: string | null;
}

/** The link that a text is about: its endpoint, and the client where the text tells which. */
export interface FoundLink {
  readonly client: EstateClient | null;
  readonly endpoint: EstateEndpoint;
}

/** The link of an estate that fits host, port, truststore and kind of client of a text; null where none does. */
export function findLink(estate: Estate, hints: LinkHints): FoundLink | null {
  const stores = clientsByStore(estate, hints);
  const endpoint = endpointOf(estate, hints, stores);
  if (endpoint === null) return null;
  const candidates = estate.links
    .filter((link) => link.endpoint === endpoint.name)
    .flatMap(({ client }) => estate.clients.filter(({ name }) => name === client));
  const byStore = candidates.filter((client) => stores.includes(client));
  const byProfile = candidates.filter(({ profile }) => profile === hints.profile);
  const chosen = [byStore, byProfile, candidates].find((some) => some.length === 1);
  const client = chosen?.[0] ?? byStore[0] ?? byProfile[0] ?? null;
  return { client, endpoint };
}

function clientsByStore(estate: Estate, { truststore }: LinkHints): readonly EstateClient[] {
  const path = truststore?.replace(/^file:(?:\/\/)?/, "") ?? null;
  if (path === null) return [];
  const exact = estate.truststores.filter(({ paths }) => paths.includes(path));
  const alike = estate.truststores.filter(({ paths }) =>
    paths.some((each) => basename(each) === basename(path)),
  );
  const names = new Set((exact.length > 0 ? exact : alike).map(({ name }) => name));
  return estate.clients.filter(({ truststores }) => truststores.some((name) => names.has(name)));
}

function endpointOf(
  estate: Estate,
  hints: LinkHints,
  stores: readonly EstateClient[],
): EstateEndpoint | null {
  const host = hints.host?.toLowerCase() ?? null;
  if (host !== null) {
    const named = estate.endpoints.filter(
      ({ target, serverName, connect }) =>
        target.host.toLowerCase() === host ||
        serverName?.toLowerCase() === host ||
        connect?.host.toLowerCase() === host,
    );
    const port = hints.port === null ? null : Number(hints.port);
    const exact = named.find(({ target }) => port !== null && target.port === port);
    return exact ?? (port === null || named.length === 1 ? (named[0] ?? null) : null);
  }
  const names = new Set(stores.map(({ name }) => name));
  const reached = new Set(
    estate.links.flatMap(({ client, endpoint }) => (names.has(client) ? [endpoint] : [])),
  );
  const [only] = reached;
  return reached.size === 1 ? (estate.endpoints.find(({ name }) => name === only) ?? null) : null;
}
