import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import type { KeyPair } from "../../src/cli/demo/keys.ts";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import { writeJks } from "../../src/truststore/write-jks.ts";
import { writePemStore } from "../../src/truststore/write-pem.ts";
import type { ClientChain, Pki, ServedChain } from "./pki.ts";
import { HOSTS } from "./pki.ts";

/** A truststore: names of anchors of the PKI. */
export interface SceneStore {
  readonly format: "jks" | "pem";
  readonly anchors: readonly string[];
  /** Of a gateway's certificates whose flags were set: whether host names are checked below each. @default none was set */
  readonly hostnames?: Readonly<Record<string, boolean>>;
}

/** A client. */
export interface SceneClient {
  readonly profile: ProfileName;
  readonly peerCheck: "chain" | "none";
  readonly nameCheck: "https" | "none";
  readonly trust: readonly string[];
  /** Lines of its JVM's java.security; null for those of its profile. */
  readonly security: string | null;
  readonly identity: ClientChain | null;
}

/** A server; `place` says which of its two ports is dialled. */
export interface SceneEndpoint {
  /** The host of its URL. */
  readonly host: string;
  /** What is asked for and checked instead; null for the host. */
  readonly serverName: string | null;
  readonly chain: ServedChain;
  /** What answers at the other port. */
  readonly other: ServedChain;
  readonly place: "first" | "second";
  readonly clientAuth: "none" | "optional" | "required";
  readonly maxVersion: "TLSv1.2" | "TLSv1.3";
}

/** Everything that a plan can change. */
export interface Scene {
  readonly stores: Readonly<Record<string, SceneStore>>;
  readonly clients: Readonly<Record<string, SceneClient>>;
  readonly endpoints: Readonly<Record<string, SceneEndpoint>>;
}

/** One step: what it does to a scene, and how a plan says it. */
export interface Operation {
  readonly about: string;
  readonly apply: (scene: Scene) => Scene;
  /** The entry of `changes`; ports are known once the servers run. */
  readonly change: (folder: Folder) => Readonly<Record<string, unknown>>;
}

/** Where a scene is written. */
export interface Folder {
  readonly path: string;
  /** Ports of each endpoint, the first and the second place. */
  readonly ports: ReadonlyMap<string, readonly [number, number]>;
}

/** Password of the keystores. */
export const PASSWORD = "changeit";

const keyPem = ({ privateKey }: KeyPair): string =>
  privateKey.export({ type: "pkcs8", format: "pem" }).toString();

export const chainPem = (chain: readonly IssuedCertificate[]): string =>
  chain.map(({ pem }) => pem).join("");

/** The bytes of a store as it is written by tools other than the one that is tested. */
export function storeBytes({ format, anchors }: SceneStore, pki: Pki): Uint8Array {
  const entries = anchors.map((alias) => ({
    alias,
    der: pki.anchors.get(alias)?.der ?? new Uint8Array(),
  }));
  return format === "jks"
    ? writeJks(entries, PASSWORD, Date.now())
    : Buffer.from(writePemStore(entries));
}

/** Writes what plans may name: certificates, chains and keys. */
export function writeMaterial(path: string, pki: Pki): void {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "password"), PASSWORD);
  for (const [name, { pem }] of pki.anchors) writeFileSync(join(path, `anchor-${name}.pem`), pem);
  for (const [host, chains] of pki.chains)
    for (const { name, chain, key } of chains) {
      writeFileSync(join(path, `${host}-${name}.pem`), chainPem(chain));
      writeFileSync(join(path, `${host}-${name}.key`), keyPem(key));
    }
  for (const { name, chain } of pki.clients) {
    writeFileSync(join(path, `client-${name}.pem`), chainPem(chain));
    const [own] = chain;
    if (own !== undefined) writeFileSync(join(path, `client-${name}.key`), keyPem(own.key));
  }
}

const identityOf = ({ name }: ClientChain): object => ({
  cert: `client-${name}.pem`,
  key: `client-${name}.key`,
});

/** Writes the estate of a scene with its stores; resolves to the path of the estate file. */
export function writeScene(scene: Scene, { path, ports }: Folder, pki: Pki): string {
  for (const [name, store] of Object.entries(scene.stores))
    writeFileSync(join(path, `${name}.${store.format}`), storeBytes(store, pki));
  const estate = {
    version: 1,
    truststores: mapped(scene.stores, ({ format }, name) => ({
      path: `${name}.${format}`,
      ...(format === "jks" ? { password: { file: "password" } } : {}),
    })),
    clients: mapped(scene.clients, ({ profile, peerCheck, nameCheck, trust, identity }) => ({
      profile,
      peerCheck,
      nameCheck,
      trust: [...trust],
      ...(identity === null ? {} : { identity: identityOf(identity) }),
    })),
    endpoints: mapped(scene.endpoints, ({ host, serverName, place, clientAuth }, name) => ({
      url: `https://${host}:443`,
      ...(serverName === null ? {} : { serverName }),
      connect: `127.0.0.1:${ports.get(name)?.[place === "first" ? 0 : 1] ?? 0}`,
      ...(clientAuth === "none" ? {} : { expect: { clientAuth: "required" } }),
    })),
    links: Object.keys(scene.clients).map((from) => ({ from, to: Object.keys(scene.endpoints) })),
  };
  const file = join(path, "anchorwatch.yaml");
  writeFileSync(file, stringify(estate));
  return file;
}

const mapped = <T>(
  values: Readonly<Record<string, T>>,
  change: (value: T, name: string) => object,
): object =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));

/** Operations by what they change. */
export const operations = {
  serve: (endpoint: string, chain: ServedChain): Operation => ({
    about: `${endpoint} sends ${chain.name}`,
    apply: (scene) => withEndpoint(scene, endpoint, { chain }),
    change: () => ({
      endpoint,
      serves: `${hostOf(endpoint)}-${chain.name}.pem`,
      key: `${hostOf(endpoint)}-${chain.name}.key`,
    }),
  }),
  move: (endpoint: string): Operation => ({
    about: `${endpoint} moves`,
    apply: (scene) => withEndpoint(scene, endpoint, { place: "second" }),
    change: ({ ports }) => ({ endpoint, connect: `127.0.0.1:${ports.get(endpoint)?.[1] ?? 0}` }),
  }),
  add: (store: string, anchor: string): Operation => ({
    about: `${store} gets ${anchor}`,
    apply: (scene) => withAnchors(scene, store, (anchors) => [...anchors, anchor]),
    change: () => ({ truststore: store, add: [`anchor-${anchor}.pem`] }),
  }),
  remove: (store: string, anchor: string): Operation => ({
    about: `${store} loses ${anchor}`,
    apply: (scene) =>
      withAnchors(scene, store, (anchors) => anchors.filter((each) => each !== anchor)),
    change: () => ({ truststore: store, remove: [`anchor-${anchor}.pem`] }),
  }),
  replace: (store: string, by: SceneStore, file: string): Operation => ({
    about: `${store} becomes ${by.anchors.join(" and ")}`,
    apply: (scene) => withAnchors(scene, store, () => by.anchors),
    change: () => ({ truststore: store, replace: file }),
  }),
  rename: (endpoint: string, host: string): Operation => ({
    about: `${endpoint} is dialled as ${host}`,
    apply: (scene) => withEndpoint(scene, endpoint, { host }),
    change: () => ({ endpoint, url: `https://${host}:443` }),
  }),
  ask: (endpoint: string, serverName: string): Operation => ({
    about: `${endpoint} is asked for as ${serverName}`,
    apply: (scene) => withEndpoint(scene, endpoint, { serverName }),
    change: () => ({ endpoint, serverName }),
  }),
  flags: (store: string, anchor: string, on: readonly string[]): Operation => ({
    about: `${store} uses ${anchor} for ${on.join(" and ")}`,
    apply: (scene) => withFlags(scene, store, anchor, on),
    change: () => ({ truststore: store, certificate: `anchor-${anchor}.pem`, flags: [...on] }),
  }),
  security: (client: string, lines: string): Operation => ({
    about: `${client} gets ${lines.trim()}`,
    apply: (scene) => withClient(scene, client, { security: lines }),
    change: () => ({ client, "java-security": lines }),
  }),
  client: (
    client: string,
    different: Partial<Omit<SceneClient, "identity" | "security">>,
  ): Operation => ({
    about: `${client} becomes ${JSON.stringify(different)}`,
    apply: (scene) =>
      withClient(scene, client, {
        ...different,
        ...(different.profile === undefined ? {} : { security: null }),
      }),
    change: () => ({ client, ...different }),
  }),
  identity: (client: string, identity: ClientChain | null): Operation => ({
    about: `${client} shows ${identity?.name ?? "nothing"}`,
    apply: (scene) => withClient(scene, client, { identity }),
    change: () => ({ client, identity: identity === null ? "none" : identityOf(identity) }),
  }),
};

/** The endpoints of every scene are called after their hosts. */
export const endpointOf = (host: string): string => host.split(".")[0] ?? host;

const hostOf = (endpoint: string): string =>
  HOSTS.find((host) => endpointOf(host) === endpoint) ?? endpoint;

function withEndpoint(scene: Scene, name: string, different: Partial<SceneEndpoint>): Scene {
  const before = scene.endpoints[name];
  if (before === undefined) throw new Error(`No endpoint ${name}`);
  return { ...scene, endpoints: { ...scene.endpoints, [name]: { ...before, ...different } } };
}

function withClient(scene: Scene, name: string, different: Partial<SceneClient>): Scene {
  const before = scene.clients[name];
  if (before === undefined) throw new Error(`No client ${name}`);
  return { ...scene, clients: { ...scene.clients, [name]: { ...before, ...different } } };
}

/** An API Gateway's rule: a certificate of a server itself, or of a CA that is an anchor. */
function withFlags(scene: Scene, store: string, anchor: string, on: readonly string[]): Scene {
  const isAnchor =
    on.includes("trustedForSsl") ||
    (on.includes("trustedForSigningServerCerts") && on.includes("trustAnchor"));
  const without = withAnchors(scene, store, (anchors) => anchors.filter((each) => each !== anchor));
  if (!isAnchor) return without;
  const withIt = withAnchors(without, store, (anchors) => [...anchors, anchor]);
  const present = withIt.stores[store];
  if (present === undefined) throw new Error(`No store ${store}`);
  const hostnames = { ...present.hostnames, [anchor]: on.includes("verifyHostname") };
  return { ...withIt, stores: { ...withIt.stores, [store]: { ...present, hostnames } } };
}

function withAnchors(
  scene: Scene,
  name: string,
  change: (anchors: readonly string[]) => readonly string[],
): Scene {
  const before = scene.stores[name];
  if (before === undefined) throw new Error(`No store ${name}`);
  return {
    ...scene,
    stores: { ...scene.stores, [name]: { ...before, anchors: change(before.anchors) } },
  };
}
