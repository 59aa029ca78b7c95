import type { NamedTruststore, RelyingParty } from "../diagnosis/assessment.ts";
import type { EstateNotifier } from "../estate/alerts/alerts.ts";
import type {
  Estate,
  EstateClient,
  EstateEndpoint,
  EstateTruststore,
  SecretReference,
} from "../estate/estate.ts";
import { secretFiles } from "../estate/systems/secret/read-secret.ts";
import type { LoadedClient } from "../links/loaded-client.ts";
import { keyPolicyOf } from "../trust/key-policy.ts";
import { loadRoute } from "./load-route.ts";
import type { Route } from "../probe/routes/route.ts";
import { locationPath } from "../truststore/location.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import { withProcess } from "./client-process.ts";
import { chainOf, type ClientIdentity, loadIdentity, type ReadSecret } from "./identity.ts";
import { inTurns } from "./turns.ts";

export type { LoadedClient };

/** An endpoint of the estate with the clients that depend on it. */
export interface WatchedEndpoint {
  readonly endpoint: EstateEndpoint;
  readonly clients: readonly LoadedClient[];
  /** The way to it; an error when what it needs cannot be read. */
  readonly route: Result<Route, string>;
  /** One handshake is made for each: every distinct client certificate, and null for none. */
  readonly identities: readonly (ClientIdentity | null)[];
}

/** Something in an inventory that could not be read. */
export interface InventoryProblem {
  readonly code: "truststore-unreadable" | "identity-unreadable" | "route-unreadable";
  /** Name of the truststore, the client or the endpoint. */
  readonly subject: string;
  readonly message: string;
}

/** An estate with its files read: what is watched, as whom, and with which anchors. Immutable. */
export interface Inventory {
  readonly estate: Estate;
  /** In the order of the estate; the same array as long as the inventory is in use. */
  readonly truststores: readonly NamedTruststore[];
  readonly clients: ReadonlyMap<string, LoadedClient>;
  readonly endpoints: ReadonlyMap<string, WatchedEndpoint>;
  readonly problems: readonly InventoryProblem[];
}

/** Reads one truststore of the estate; failures are data. */
export type ReadTruststore = (store: EstateTruststore) => Promise<NamedTruststore["store"]>;

/** How an inventory reaches files and passwords. */
export interface InventoryReaders {
  readonly truststore: ReadTruststore;
  readonly secret: ReadSecret;
}

/** Reads every truststore and identity of an estate. */
export async function loadInventory(estate: Estate, readers: InventoryReaders): Promise<Inventory> {
  const truststores = await Promise.all(
    estate.truststores.map(async (store) => ({
      name: store.name,
      store: await readers.truststore(store),
      passwordSpec: specOf(store.password),
    })),
  );
  const storesByName = new Map(truststores.map((store) => [store.name, store]));
  const clients = new Map(
    await Promise.all(
      estate.clients.map(
        async (client) =>
          [client.name, await loadClient(client, storesByName, { estate, readers })] as const,
      ),
    ),
  );
  const endpoints = await watched(estate, clients, readers.secret);
  return {
    estate,
    truststores,
    clients,
    endpoints,
    problems: [
      ...truststores.flatMap(({ name, store }) =>
        store.ok ? [] : [problem("truststore-unreadable", name, store.error.message)],
      ),
      ...[...clients].flatMap(([name, { identity }]) =>
        identity === null || identity.ok
          ? []
          : [problem("identity-unreadable", name, identity.error)],
      ),
      ...[...endpoints].flatMap(([name, { route }]) =>
        route.ok ? [] : [problem("route-unreadable", name, route.error)],
      ),
    ],
  };
}

/** A reference as options take it; null where a system's own configuration holds the password. */
function specOf(reference: EstateTruststore["password"]): string | null {
  switch (reference?.kind) {
    case "env":
      return `env:${reference.name}`;
    case "file":
    case "stash":
      return `${reference.kind}:${reference.path}`;
    case "encoded":
    case "config":
    case undefined:
      return null;
  }
}

const problem = (
  code: InventoryProblem["code"],
  subject: string,
  message: string,
): InventoryProblem => ({ code, subject, message });

async function loadClient(
  client: EstateClient,
  stores: ReadonlyMap<string, NamedTruststore>,
  { estate, readers }: { readonly estate: Estate; readonly readers: InventoryReaders },
): Promise<LoadedClient> {
  const identity =
    client.identity === null
      ? null
      : await loadIdentity(
          client.identity,
          keyPolicyOf(client.profile, client.identity.keyManager),
          readers.secret,
        );
  const party: RelyingParty = {
    name: client.name,
    profile: client.profile,
    system: client.system,
    truststores: client.truststores.flatMap((name) => stores.get(name) ?? []),
    ...(client.peerCheck === undefined ? {} : { peerCheck: client.peerCheck }),
    nameCheck: client.nameCheck,
    ownChain: identity?.ok === true ? chainOf(identity.value) : null,
    ownProblem: identity?.ok === false ? identity.error : null,
    commandWords: ["--client", client.name, "--estate", estate.file],
  };
  const { started = null } = client;
  return { party: started === null ? party : await withProcess(party, started), identity };
}

async function watched(
  estate: Estate,
  clients: ReadonlyMap<string, LoadedClient>,
  readSecret: ReadSecret,
): Promise<ReadonlyMap<string, WatchedEndpoint>> {
  const dependants = new Map<string, LoadedClient[]>();
  for await (const links of inTurns(estate.links))
    for (const { client, endpoint } of links) {
      const loaded = clients.get(client);
      if (loaded === undefined) continue;
      const list = dependants.get(endpoint);
      if (list === undefined) dependants.set(endpoint, [loaded]);
      else list.push(loaded);
    }
  const endpoints = new Map<string, WatchedEndpoint>();
  for await (const group of inTurns(estate.endpoints))
    for (const endpoint of group) {
      const own = dependants.get(endpoint.name) ?? [];
      const { proxy, ...way } = endpoint.route;
      const route: Result<Route, string> =
        proxy === null ? ok({ ...way, proxy }) : await loadRoute(endpoint.route, readSecret);
      const identities = distinctIdentities(own);
      endpoints.set(endpoint.name, { endpoint, clients: own, route, identities });
    }
  return endpoints;
}

/** One for each distinct certificate that clients show, and null for none. */
export function distinctIdentities(
  clients: readonly LoadedClient[],
): readonly (ClientIdentity | null)[] {
  const distinct = new Map<string, ClientIdentity | null>();
  for (const { identity } of clients) {
    if (identity === null) distinct.set("", null);
    else if (identity.ok) distinct.set(identity.value.id, identity.value);
  }
  // an endpoint on which nobody depends, or whose clients cannot be read, is watched all the same
  return distinct.size === 0 ? [null] : [...distinct.values()];
}

/**
 * Why a new inventory must not replace the one in use: whatever it cannot read and the old one could.
 * What was unreadable before for the same reason does not stand in the way.
 */
export function newProblems(
  present: Inventory,
  next: Inventory,
): Result<null, readonly InventoryProblem[]> {
  const known = new Set(present.problems.map((known) => JSON.stringify(known)));
  const added = next.problems.filter((candidate) => !known.has(JSON.stringify(candidate)));
  return added.length === 0 ? { ok: true, value: null } : fail(added);
}

/** Every file that an inventory of an estate is read from, the estate itself first. */
export function filesOf(estate: Estate): readonly string[] {
  const secrets = [
    ...estate.truststores.map(({ password }) => password),
    ...estate.clients.flatMap(({ identity }) =>
      identity === null
        ? []
        : [identity.password, identity.kind === "keystore" ? identity.keyPassword : null],
    ),
    ...estate.endpoints.map(({ route }) => route.proxy?.password ?? null),
    ...estate.notifiers.map(notifierSecret),
    estate.http.tls?.password ?? null,
  ].flatMap((secret) => (secret === null ? [] : secretFiles(secret)));
  const files = [
    estate.file,
    ...estate.truststores.flatMap(({ paths }) => paths.flatMap((path) => locationPath(path) ?? [])),
    ...estate.clients.flatMap(({ identity }) =>
      identity === null
        ? []
        : identity.kind === "keystore"
          ? [identity.path]
          : [identity.certificate, identity.key],
    ),
    ...estate.clients.flatMap(({ started = null }) =>
      started?.kind === "pid-file" ? [started.path] : [],
    ),
    ...estate.endpoints.flatMap(({ route }) => route.proxy?.truststore ?? []),
    ...(estate.http.tls === null ? [] : [estate.http.tls.certificate, estate.http.tls.key]),
    ...secrets,
    ...estate.imports.flatMap(({ watched }) => watched),
  ];
  return [...new Set(files)];
}

/** Where a notifier has its secret; null for none. */
export function notifierSecret(notifier: EstateNotifier): SecretReference | null {
  switch (notifier.kind) {
    case "alertmanager":
      return notifier.token;
    case "webhook":
      return notifier.secret;
    case "slack":
      return notifier.url;
    case "pagerduty":
      return notifier.routingKey;
    case "email":
      return notifier.password;
  }
}
