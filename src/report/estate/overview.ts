import type {
  Estate,
  EstateClient,
  EstateEndpoint,
  EstateIdentity,
  EstateStart,
  SecretReference,
} from "../../estate/estate.ts";
import {
  entryPlace,
  type EntrySource,
  type EstateSources,
  type ValueSource,
} from "../../estate/entry-source.ts";
import { placeText } from "../../estate/systems/origin.ts";

/** Where an entry comes from, for people and programs. */
export interface ShownSource {
  /** `file:line:column`; null when nothing says it. */
  readonly place: string | null;
  /** Prefix of the import that brings it; null where it stands in the estate file alone. */
  readonly import: string | null;
  readonly values: readonly Pick<ValueSource, "key" | "text">[];
}

/** A truststore as it is shown. */
export interface ShownTruststore {
  readonly name: string;
  readonly paths: readonly string[];
  /** Where its password is; never the password. */
  readonly password: string | null;
  readonly clients: readonly string[];
  readonly source: ShownSource;
}

/** A client as it is shown. */
export interface ShownClient {
  readonly name: string;
  readonly profile: string;
  readonly system: string | null;
  readonly truststores: readonly string[];
  /** `none` takes any certificate of anybody. */
  readonly peerCheck: "chain" | "none";
  readonly nameCheck: string;
  /** Files of its own certificate and key; null when it has none. */
  readonly identity: string | null;
  /** When its process was started, or the file with its number; null when nobody says. */
  readonly started: string | null;
  readonly source: ShownSource;
}

/** An endpoint as it is shown. */
export interface ShownEndpoint {
  readonly name: string;
  readonly url: string;
  readonly serverName: string | null;
  readonly connect: string | null;
  readonly system: string | null;
  readonly clientAuth: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Prefix of the imported system that listens there; null when none is known. */
  readonly servedBy: string | null;
  readonly source: ShownSource;
}

/** A link as it is shown. */
export interface ShownLink {
  readonly client: string;
  readonly endpoint: string;
  readonly source: ShownSource;
}

/** A system whose configuration is imported. */
export interface ShownImport {
  readonly prefix: string;
  readonly system: string;
  readonly place: string;
  readonly findings: number;
  readonly notes: number;
}

/** Everything that an estate consists of, with where it comes from. */
export interface EstateOverview {
  /** The estate file as it was given. */
  readonly estate: string;
  readonly imports: readonly ShownImport[];
  readonly clients: readonly ShownClient[];
  readonly endpoints: readonly ShownEndpoint[];
  readonly truststores: readonly ShownTruststore[];
  readonly links: readonly ShownLink[];
}

/** Puts an estate together for being shown. No secret is in it. */
export function overviewOf(file: string, estate: Estate, sources: EstateSources): EstateOverview {
  const listeners = listenersOf(estate);
  return {
    estate: file,
    imports: estate.imports.map(({ prefix, system, index, issues, notes }) => ({
      prefix,
      system,
      place: placeText(sources.import(index)),
      findings: issues.length,
      notes: notes.length,
    })),
    clients: estate.clients.map((client) => ({
      ...shownClient(client),
      source: shownSource(sources.entry("clients", client.name)),
    })),
    endpoints: estate.endpoints.map((endpoint) => ({
      ...shownEndpoint(endpoint),
      servedBy: listeners.get(dialled(endpoint)) ?? null,
      source: shownSource(sources.entry("endpoints", endpoint.name)),
    })),
    truststores: estate.truststores.map(({ name, paths, password }) => ({
      name,
      paths,
      password: password === null ? null : referenceText(password),
      clients: estate.clients
        .filter((client) => client.truststores.includes(name))
        .map((client) => client.name),
      source: shownSource(sources.entry("truststores", name)),
    })),
    links: estate.links.map((link) => ({ ...link, source: shownSource(sources.link(link)) })),
  };
}

const dialled = ({ target: { host, port } }: EstateEndpoint): string =>
  `${host.toLowerCase()} ${port}`;

/** Which imported system listens where. */
function listenersOf({ imports, endpoints }: Estate): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const endpoint of endpoints) {
    if (endpoint.labels["direction"] !== "listens") continue;
    const owner = imports.find(({ fragment }) =>
      Object.hasOwn(fragment.document.endpoints, endpoint.name),
    );
    if (owner !== undefined) found.set(dialled(endpoint), owner.prefix);
  }
  return found;
}

function shownSource(source: EntrySource): ShownSource {
  const place = entryPlace(source);
  return {
    place: place === null ? null : placeText(place),
    import: source.imported?.prefix ?? null,
    values: source.values.map(({ key, text }) => ({ key, text })),
  };
}

function shownClient(client: EstateClient): Omit<ShownClient, "source"> {
  const {
    name,
    profile,
    system,
    truststores,
    peerCheck = "chain",
    nameCheck,
    identity,
    started = null,
  } = client;
  return {
    name,
    profile,
    system,
    truststores,
    peerCheck,
    nameCheck,
    identity: identity === null ? null : identityText(identity),
    started: started === null ? null : startText(started),
  };
}

function startText(started: EstateStart): string {
  return started.kind === "time" ? new Date(started.time).toISOString() : started.path;
}

function identityText(identity: EstateIdentity): string {
  if (identity.kind === "pem") return `${identity.certificate}, ${identity.key}`;
  return identity.alias === null ? identity.path : `${identity.path} (alias ${identity.alias})`;
}

function shownEndpoint(endpoint: EstateEndpoint): Omit<ShownEndpoint, "source" | "servedBy"> {
  const { name, url, serverName, connect, system, expect, labels } = endpoint;
  return {
    name,
    url,
    serverName,
    connect:
      connect === null
        ? null
        : connect.port === null
          ? connect.host
          : `${connect.host.includes(":") ? `[${connect.host}]` : connect.host}:${connect.port}`,
    system,
    clientAuth: expect.clientAuth,
    labels,
  };
}

function referenceText(reference: SecretReference): string {
  switch (reference.kind) {
    case "env":
      return `env:${reference.name}`;
    case "file":
    case "stash":
      return `${reference.kind}:${reference.path}`;
    case "encoded":
      return "encoded in the estate file";
    case "config":
      return `${reference.path} ${reference.at.startsWith("inline:") ? "" : reference.at}`.trim();
  }
}
