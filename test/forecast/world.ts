import { hash } from "node:crypto";
import {
  type CertificateRequest,
  type IssuedCertificate,
  issueCertificate,
} from "../../src/cli/demo/certificate.ts";
import { generateKeys, type KeyPair } from "../../src/cli/demo/keys.ts";
import { identityOf } from "../../src/daemon/identity.ts";
import { parseEstate } from "../../src/estate/load-estate.ts";
import { formatProblem } from "../../src/estate/estate.ts";
import type { LoadedClient } from "../../src/links/loaded-client.ts";
import type { Surroundings } from "../../src/links/changes/world.ts";
import type { Handshake } from "../../src/probe/handshake.ts";
import { keyPolicyOf } from "../../src/trust/key-policy.ts";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import { ok } from "../../src/x509/result.ts";
import { handshakeOf, storeOf } from "../diagnosis/pki.ts";

/** Moment of every forecast. */
export const NOW = Date.parse("2026-11-21T12:00:00Z");

/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** Keys that certificates of all tests share. */
export const makeKeys = (count: number): Promise<readonly KeyPair[]> =>
  Promise.all(Array.from({ length: count }, () => generateKeys("p-256")));

/** A certificate that began long ago and ends in some days. */
export const issue = (
  name: string,
  key: KeyPair,
  days: number,
  changes: Partial<CertificateRequest> = {},
): IssuedCertificate =>
  issueCertificate({
    subject: [["CN", name]],
    key,
    notBefore: NOW - 200 * DAY,
    notAfter: NOW + days * DAY,
    ...changes,
  });

/** A client of a test estate. */
export interface TestClient {
  readonly profile: ProfileName;
  readonly anchors: readonly IssuedCertificate[];
  /** Its own chain, leaf first. */
  readonly own?: readonly IssuedCertificate[];
}

/** What a test estate consists of; every client depends on every endpoint unless links are given. */
export interface TestEstate {
  readonly clients: Readonly<Record<string, TestClient>>;
  /** The chain that each sends, leaf first; several for several addresses, none for one that does not answer. */
  readonly endpoints: Readonly<Record<string, readonly (readonly IssuedCertificate[])[]>>;
  readonly links?: readonly { readonly client: string; readonly endpoint: string }[];
  readonly labels?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly thresholds?: string;
}

/** The name that a certificate of an endpoint has to have. */
export const hostOf = (endpoint: string): string => `${endpoint}.example.com`;

/** An estate with what was seen of it, without files and network. */
export function surroundingsOf({
  clients,
  endpoints,
  links,
  labels = {},
  thresholds = "{ warning: 30d, critical: 7d }",
}: TestEstate): Surroundings {
  const text = JSON.stringify({
    version: 1,
    truststores: Object.fromEntries(
      Object.keys(clients).map((name) => [`${name}-trust`, { path: `${name}.pem` }]),
    ),
    clients: Object.fromEntries(
      Object.entries(clients).map(([name, { profile }]) => [
        name,
        { profile, trust: `${name}-trust` },
      ]),
    ),
    endpoints: Object.fromEntries(
      Object.keys(endpoints).map((name) => [
        name,
        { url: `https://${hostOf(name)}`, labels: labels[name] ?? {} },
      ]),
    ),
    links: (
      links ??
      Object.keys(clients).flatMap((client) =>
        Object.keys(endpoints).map((endpoint) => ({ client, endpoint })),
      )
    ).map(({ client, endpoint }) => ({ from: client, to: endpoint })),
  });
  const estate = parseEstate(
    "anchorwatch.yaml",
    `${text.slice(0, -1)}, thresholds: ${thresholds}}`,
  );
  if (!estate.ok) throw new Error(estate.error.map(formatProblem).join("\n"));
  const stores = new Map(
    Object.entries(clients).map(([name, { anchors }]) => [name, storeOf(`${name}-trust`, anchors)]),
  );
  const loaded = new Map(
    Object.entries(clients).map(([name, { profile, own }]): [string, LoadedClient] => {
      const chain = own?.map(({ der }) => Uint8Array.from(der)) ?? null;
      const key = own?.[0]?.key.privateKey;
      const identity =
        chain === null || key === undefined
          ? null
          : ok(identityOf([{ chain, key }], keyPolicyOf(profile, null)));
      const store = stores.get(name);
      return [
        name,
        {
          party: {
            name,
            profile,
            truststores: store === undefined ? [] : [store],
            nameCheck: "https",
            ownChain: chain,
            commandWords: ["--client", name],
          },
          identity,
        },
      ];
    }),
  );
  const observations = new Map(
    Object.entries(endpoints).flatMap(([name, chains]) => {
      if (chains.length === 0) return [];
      const seen = (client: LoadedClient | null): readonly Handshake[] =>
        chains.map((chain, index) =>
          handshakeOf(chain, {
            endpoint: { scheme: "https", host: hostOf(name), port: 443 },
            serverName: hostOf(name),
            address: `192.0.2.${index + 1}`,
            startedAt: new Date(NOW).toISOString(),
            ...answerOf(client),
          }),
        );
      const identities = [
        null,
        ...[...loaded.values()].filter(({ identity }) => identity !== null),
      ];
      return [
        [
          name,
          {
            at: NOW,
            handshakes: identities.flatMap((client) =>
              seen(client).map((handshake) => ({
                identity: client?.identity?.ok === true ? client.identity.value.id : null,
                handshake,
              })),
            ),
          },
        ] as const,
      ];
    }),
  );
  return {
    estate: estate.value,
    truststores: [...stores.values()],
    clients: loaded,
    observations,
  };
}

function answerOf(client: LoadedClient | null): Partial<Handshake> {
  const chain =
    client?.identity?.ok === true ? client.identity.value.keyring.certificates[0] : null;
  const [leaf] = chain?.chain ?? [];
  if (leaf === undefined) return {};
  return {
    clientCertificateRequested: true,
    clientCertificateAnswer: { kind: "sent", sha256: hash("sha256", leaf, "hex") },
  };
}
