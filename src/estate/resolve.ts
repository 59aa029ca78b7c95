import { dirname, resolve } from "node:path";
import { resolveAlerts, resolveNotifiers } from "./alerts/resolve.ts";
import type { RequestPlan } from "../probe/follow-up/request-record.ts";
import type { Endpoint } from "../probe/handshake.ts";
import type {
  ClientDocument,
  EndpointDocument,
  EstateDocument,
  IdentityDocument,
  SecretDocument,
} from "./document.ts";
import { parseDuration, parseThreshold, type Threshold } from "./duration.ts";
import type {
  Estate,
  EstateClient,
  EstateStart,
  EstateEndpoint,
  EstateIdentity,
  EstateLink,
  EstateTruststore,
  SecretReference,
} from "./estate.ts";
import { parseHostPort } from "./host-port.ts";
import { resolveHttp } from "./http/resolve.ts";
import { listed } from "./references.ts";
import { mapLocation } from "../truststore/location.ts";
import { estateRoute } from "./route.ts";
import { DEFAULTS } from "./schema.ts";
import { quietTimes } from "./windows/quiet.ts";

/**
 * Completes a document whose shape and references were found sound: defaults filled in, paths made
 * absolute from the folder of the file, links spread out. `targets` has the target of every endpoint.
 */
export function resolveEstate(
  file: string,
  document: EstateDocument,
  targets: ReadonlyMap<string, Endpoint>,
): Omit<Estate, "notices" | "imports"> {
  const at = (path: string): string => resolve(dirname(file), path);
  const { schedule = {}, thresholds = {}, history = {}, http = {} } = document;
  const quiet = quietTimes(schedule.quiet ?? []);
  return {
    file,
    truststores: truststoresOf(document, at),
    clients: clientsOf(document, at),
    endpoints: Object.entries(document.endpoints ?? {}).flatMap(([name, endpoint]) => {
      const target = targets.get(name);
      return target === undefined
        ? []
        : [endpointOf(name, endpoint, target, { document, at, quiet })];
    }),
    links: linksOf(document),
    schedule: {
      concurrency: schedule.concurrency ?? DEFAULTS.concurrency,
      perHost: schedule.perHost ?? DEFAULTS.perHost,
    },
    thresholds: {
      warning: threshold(thresholds.warning ?? DEFAULTS.warning),
      critical: threshold(thresholds.critical ?? DEFAULTS.critical),
    },
    history: {
      path: at(history.path ?? DEFAULTS.historyPath),
      keep: milliseconds(history.keep ?? DEFAULTS.keep),
    },
    alerts: resolveAlerts(document.alerts),
    notifiers: resolveNotifiers(document.notify, (reference) => secret(reference, at)),
    http: resolveHttp(http, { at, secret: (reference) => secret(reference, at) }),
  };
}

/** Makes a path absolute from the folder of the file that it stands in. */
export type Absolute = (path: string) => string;

function truststoresOf(document: EstateDocument, at: Absolute): readonly EstateTruststore[] {
  return Object.entries(document.truststores ?? {}).map(([name, { path, password }]) => ({
    name,
    paths: listed(path, []).map(({ text }) => mapLocation(text, at)),
    password: secret(password, at),
  }));
}

function clientsOf(document: EstateDocument, at: Absolute): readonly EstateClient[] {
  return Object.entries(document.clients ?? {}).map(
    ([name, { profile, system, trust, peerCheck, nameCheck, identity, started }]) => ({
      name,
      profile,
      system: system ?? null,
      truststores: [...new Set(listed(trust, []).map(({ text }) => text))],
      ...(peerCheck === undefined ? {} : { peerCheck }),
      nameCheck: nameCheck ?? DEFAULTS.nameCheck,
      identity: identity === undefined ? null : identityOf(identity, at),
      started: started === undefined ? null : startOf(started, at),
    }),
  );
}

function startOf(started: NonNullable<ClientDocument["started"]>, at: Absolute): EstateStart {
  return typeof started === "string"
    ? { kind: "time", time: Date.parse(started) }
    : { kind: "pid-file", path: at(started.pidFile) };
}

/** What a client authenticates itself with, paths made absolute. */
export function identityOf(document: IdentityDocument, at: Absolute): EstateIdentity {
  const { cert, key, keystore, keyManager = null } = document;
  const password = secret(document.password, at);
  if (keystore === undefined)
    return { kind: "pem", certificate: at(cert ?? ""), key: at(key ?? ""), password, keyManager };
  return {
    kind: "keystore",
    path: at(keystore),
    password,
    keyPassword: secret(document.keyPassword, at),
    alias: document.alias ?? null,
    keyManager,
  };
}

function endpointOf(
  name: string,
  endpoint: EndpointDocument,
  target: Endpoint,
  {
    document,
    at,
    quiet,
  }: {
    readonly document: EstateDocument;
    readonly at: Absolute;
    readonly quiet: ReturnType<typeof quietTimes>;
  },
): EstateEndpoint {
  const { schedule = {}, zones = {} } = document;
  const zone = endpoint.zone === undefined ? undefined : zones[endpoint.zone];
  const labels = endpoint.labels ?? {};
  const readers = { at, secret: (reference?: SecretDocument) => secret(reference, at) };
  return {
    name,
    url: endpoint.url,
    system: endpoint.system ?? null,
    target,
    serverName: endpoint.serverName ?? null,
    connect: endpoint.connect === undefined ? null : parseHostPort(endpoint.connect),
    labels,
    every: milliseconds(endpoint.every ?? schedule.every ?? DEFAULTS.every),
    jitter: Number.parseInt(endpoint.jitter ?? schedule.jitter ?? DEFAULTS.jitter, 10) / 100,
    timeout: milliseconds(endpoint.timeout ?? schedule.timeout ?? DEFAULTS.timeout),
    pace: milliseconds(endpoint.pace ?? schedule.pace ?? DEFAULTS.pace),
    quiet: quiet({ name, labels }, endpoint.quiet ?? []),
    phaseTimeout: endpoint.phaseTimeout === undefined ? null : milliseconds(endpoint.phaseTimeout),
    route: estateRoute(endpoint, zone ?? {}, readers),
    request: endpoint.request === undefined ? null : requestOf(endpoint.request),
    expect: {
      clientAuth: endpoint.expect?.clientAuth ?? null,
      ...(endpoint.expect?.addresses === undefined ? {} : { addresses: endpoint.expect.addresses }),
    },
  };
}

function requestOf({
  path,
  method = "HEAD",
  expectStatus = [],
  headers = {},
}: NonNullable<EndpointDocument["request"]>): RequestPlan {
  const statuses = typeof expectStatus === "number" ? [expectStatus] : expectStatus;
  return { method, path, expectStatus: statuses, headers };
}

function linksOf({ links = [] }: EstateDocument): readonly EstateLink[] {
  const unique = new Map<string, EstateLink>();
  for (const { from, to } of links)
    for (const { text } of listed(to, []))
      unique.set(JSON.stringify([from, text]), { client: from, endpoint: text });
  return [...unique.values()];
}

/** Where a password is kept, paths made absolute; null for none. */
export function secret(document: SecretDocument | undefined, at: Absolute): SecretReference | null {
  if (document?.env !== undefined) return { kind: "env", name: document.env };
  if (document?.file !== undefined) return { kind: "file", path: at(document.file) };
  if (document?.stash !== undefined) return { kind: "stash", path: at(document.stash) };
  const key = document?.key === undefined ? null : secret(document.key, at);
  if (document?.encoded !== undefined) return { kind: "encoded", text: document.encoded, key };
  if (document?.config !== undefined)
    return { kind: "config", path: at(document.config), at: document.at ?? "", key };
  return null;
}

const checked = <T>(value: T | null, text: string): T => {
  if (value === null) throw new TypeError(`Value ${text} was not checked by the schema`);
  return value;
};

const milliseconds = (text: string): number => checked(parseDuration(text), text);
const threshold = (text: string): Threshold => checked(parseThreshold(text), text);
