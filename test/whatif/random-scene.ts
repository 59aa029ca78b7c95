import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import { HOSTS, type Pki, type ServedChain } from "./pki.ts";
import type { Random } from "./random.ts";
import {
  endpointOf,
  type Operation,
  operations,
  type Scene,
  type SceneClient,
  type SceneEndpoint,
  type SceneStore,
  storeBytes,
} from "./scene.ts";

const PROFILES = [
  "openjdk-8",
  "openjdk-17",
  "openjdk-21",
  "openjdk-17-sunx509",
  "openssl-3",
  "openssl-3-partial",
  "nodejs-24",
  "go",
  "strict",
] as const satisfies readonly ProfileName[];

/** What servers are likely to send and stores to hold, so that many links work. */
const USUAL_CHAINS = ["issuing", "both", "fresh", "crossed", "fresh-rsa"];
const USUAL_ANCHORS = ["old", "fresh", "issuing"];

/** Names by which servers may be dialled or asked for: their own, and one that only some certificates have. */
const OTHER_HOSTS = [...HOSTS, "elsewhere.example.com"] as const;

/** What a gateway may use a certificate for, with and without being an anchor. */
const NO_ANCHOR: readonly (readonly string[])[] = [
  ["trustedForSigningServerCerts", "verifyHostname"],
];
const FLAGS: readonly (readonly string[])[] = [
  ["trustedForSsl"],
  ["trustedForSsl", "verifyHostname"],
  ["trustedForSigningServerCerts", "trustAnchor"],
  ["trustedForSigningServerCerts", "trustAnchor", "verifyHostname"],
  ...NO_ANCHOR,
];

/** Lines of java.security that refuse keys, versions and nothing. */
const SECURITY = [
  "jdk.certpath.disabledAlgorithms=MD2, MD5, RSA keySize < 3072\n",
  "jdk.certpath.disabledAlgorithms=MD2, MD5, EC keySize < 384\n",
  "jdk.certpath.disabledAlgorithms=MD2, MD5\njdk.tls.disabledAlgorithms=SSLv3, TLSv1, TLSv1.1, TLSv1.2\n",
  "jdk.tls.disabledAlgorithms=SSLv3, TLSv1.3\n",
  "jdk.tls.disabledAlgorithms=SSLv3\njdk.certpath.disabledAlgorithms=MD2\n",
] as const;

/** An estate of three servers, three clients and three stores. */
export function randomScene(random: Random, pki: Pki): Scene {
  const stores: Record<string, SceneStore> = {};
  for (const name of ["s1", "s2", "s3"])
    stores[name] = {
      format: random.pick(["jks", "pem"]),
      anchors: random.some(random.below(3) > 0 ? USUAL_ANCHORS : [...pki.anchors.keys()], 2),
    };
  const clients: Record<string, SceneClient> = {};
  for (const name of ["c1", "c2", "c3"])
    clients[name] = {
      profile: random.pick(PROFILES),
      peerCheck: random.below(8) > 0 ? "chain" : "none",
      nameCheck: random.below(4) > 0 ? "https" : "none",
      security: null,
      trust: random.some(Object.keys(stores), 2),
      identity: random.below(2) > 0 ? null : random.pick(pki.clients),
    };
  const endpoints: Record<string, SceneEndpoint> = {};
  for (const host of HOSTS)
    endpoints[endpointOf(host)] = {
      host,
      serverName: null,
      chain: randomChain(random, host, pki),
      other: randomChain(random, host, pki),
      place: "first",
      clientAuth: random.pick(["none", "none", "none", "optional", "required"]),
      maxVersion: random.pick(["TLSv1.2", "TLSv1.3", "TLSv1.3"]),
    };
  return { stores, clients, endpoints };
}

function randomChain(random: Random, host: string, pki: Pki): ServedChain {
  const chains = pki.chains.get(host) ?? [];
  const usual = chains.filter(({ name }) => USUAL_CHAINS.includes(name));
  return random.pick(random.below(3) > 0 ? usual : chains);
}

/** A plan for a scene: at most one change of each kind for the same thing, so that its steps may take any order. */
export function randomPlan(
  random: Random,
  scene: Scene,
  { pki, path }: { readonly pki: Pki; readonly path: string },
): readonly Operation[] {
  const planned = new Map<string, Operation>();
  const size = 1 + random.below(4);
  for (let tries = 0; planned.size < size && tries < 20; tries++) {
    const [subject, operation] = randomOperation(random, scene, { pki, path, tries });
    if (subject !== null && !planned.has(subject)) planned.set(subject, operation);
  }
  return [...planned.values()];
}

function randomOperation(
  random: Random,
  scene: Scene,
  { pki, path, tries }: { readonly pki: Pki; readonly path: string; readonly tries: number },
): readonly [subject: string | null, operation: Operation] {
  const endpoint = random.pick(Object.keys(scene.endpoints));
  const store = random.pick(Object.keys(scene.stores));
  const client = random.pick(Object.keys(scene.clients));
  const host = scene.endpoints[endpoint]?.host ?? "";
  const present = scene.stores[store] ?? { format: "pem", anchors: [] };
  switch (random.below(16)) {
    case 0:
    case 1:
    case 2:
      return [endpoint, operations.serve(endpoint, randomChain(random, host, pki))];
    case 3:
      return [endpoint, operations.move(endpoint)];
    case 4: {
      const anchor = random.pick([...pki.anchors.keys()]);
      const isThere = present.anchors.includes(anchor);
      return [isThere ? null : store, operations.add(store, anchor)];
    }
    case 5: {
      // an empty store is another matter than one that lacks something
      const isLast = present.anchors.length < 2;
      return [isLast ? null : store, operations.remove(store, random.pick(present.anchors))];
    }
    case 6:
    case 7: {
      const by = { ...present, anchors: random.some([...pki.anchors.keys()], 2) };
      const file = `${store}-${tries}.${by.format}`;
      writeFileSync(join(path, file), storeBytes(by, pki));
      return [store, operations.replace(store, by, file)];
    }
    case 10:
      return [endpoint, operations.rename(endpoint, random.pick(OTHER_HOSTS))];
    case 11:
      return [endpoint, operations.ask(endpoint, random.pick(OTHER_HOSTS))];
    case 12:
    case 13: {
      const isLast = present.anchors.length < 2;
      const anchor = random.pick(isLast ? [...pki.anchors.keys()] : present.anchors);
      // an empty store is another matter
      const uses = isLast ? FLAGS.filter((on) => !NO_ANCHOR.includes(on)) : FLAGS;
      return [store, operations.flags(store, anchor, random.pick(uses))];
    }
    case 14:
    case 15: {
      const isJava = scene.clients[client]?.profile.startsWith("openjdk-") === true;
      return [isJava ? client : null, operations.security(client, random.pick(SECURITY))];
    }
    case 8:
      return [
        client,
        operations.client(client, {
          peerCheck: random.below(4) > 0 ? "chain" : "none",
          profile: random.pick(PROFILES),
          nameCheck: random.pick(["https", "none"]),
          ...(random.below(2) > 0 ? {} : { trust: random.some(Object.keys(scene.stores), 2) }),
        }),
      ];
    default:
      return [client, operations.identity(client, random.pick([null, ...pki.clients]))];
  }
}
