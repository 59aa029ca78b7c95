import { isIP } from "node:net";
import type { Certificate } from "../../x509/certificate.ts";
import { agreementOf } from "./negotiable.ts";
import type { ImportedClient, ImportedEndpoint, ImportIssue, SystemImport } from "./model.ts";
import { placeOf, type Sourced } from "./origin.ts";

/** A listener by the address under which others dial it. */
const addressOf = ({ url }: ImportedEndpoint): string => {
  const [, address = ""] = /^[^:]*:\/\/(.*)$/u.exec(url.value.toLowerCase()) ?? [];
  return address;
};

/**
 * Compares both sides of every link whose server is imported as well: versions and cipher suites without an
 * intersection, a client certificate that the server requires and the client does not have, or has of another CA than the
 * server accepts; and certificates that several hosts share. An issue belongs to the import that dials.
 */
export function crossCheck(
  imports: readonly SystemImport[],
): ReadonlyMap<SystemImport, readonly ImportIssue[]> {
  const listeners = new Map<string, ImportedEndpoint>();
  for (const { endpoints } of imports)
    for (const endpoint of endpoints)
      if (endpoint.direction === "listens" && !listeners.has(addressOf(endpoint)))
        listeners.set(addressOf(endpoint), endpoint);
  const shared = sharedCertificates(imports);
  return new Map(
    imports.map((each) => [each, [...issuesOf(each, listeners), ...(shared.get(each) ?? [])]]),
  );
}

function issuesOf(
  { clients, endpoints, links }: SystemImport,
  listeners: ReadonlyMap<string, ImportedEndpoint>,
): readonly ImportIssue[] {
  const clientsByName = new Map(clients.map((client) => [client.name, client]));
  const endpointsByName = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
  return links.flatMap(({ from, to }) => {
    const client = clientsByName.get(from);
    const dialled = endpointsByName.get(to);
    const server = dialled === undefined ? undefined : listeners.get(addressOf(dialled));
    return client === undefined || server === undefined ? [] : compare(client, server);
  });
}

function compare(client: ImportedClient, server: ImportedEndpoint): readonly ImportIssue[] {
  return [...compareParameters(client, server), ...compareCertificates(client, server)];
}

const limits = (value: Sourced<readonly string[]> | undefined): readonly string[] | null =>
  value === undefined || value.value.length === 0 ? null : value.value;

/** Versions and cipher suites: what a client does not limit is what its kind offers. */
function compareParameters(
  client: ImportedClient,
  server: ImportedEndpoint,
): readonly ImportIssue[] {
  const agreement = agreementOf(
    client.profile.value,
    { protocols: limits(client.protocols), cipherSuites: limits(client.cipherSuites) },
    { protocols: limits(server.protocols), cipherSuites: limits(server.cipherSuites) },
  );
  const { url } = server;
  const who = (limited: Sourced<unknown> | undefined): string =>
    limited === undefined || limited.origin.kind === "default"
      ? `The client (${client.profile.value})`
      : "The client";
  const place = (...values: readonly (Sourced<unknown> | undefined)[]) =>
    values.flatMap((value) => (value === undefined ? [] : (placeOf(value) ?? []))).at(0) ?? null;
  const issue = (
    summary: string,
    remedy: string,
    ...values: readonly (Sourced<unknown> | undefined)[]
  ): readonly ImportIssue[] => [
    {
      code: "estate.no-common-parameters",
      severity: "warning",
      summary,
      place: place(...values),
      remedy: [remedy, `anchorwatch survey ${addressOf(server)}`],
    },
  ];
  switch (agreement.kind) {
    case "common":
      return [];
    case "no-common-version":
      return issue(
        `${who(client.protocols)} offers ${agreement.offered.join(", ")}, and ${url.value} accepts ${agreement.accepted.join(", ")}`,
        "Allow TLS 1.2 and TLS 1.3 on both sides",
        client.protocols,
        server.protocols,
      );
    case "no-common-suite":
      return issue(
        `${who(client.cipherSuites)} offers none of the cipher suites that ${url.value} accepts with ${agreement.versions.join(", ")}: ${some(agreement.accepted)}`,
        "Allow a suite with ECDHE and AES-GCM on both sides, for example TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        client.cipherSuites,
        server.cipherSuites,
        client.protocols,
      );
    case "static-rsa":
      return issue(
        `${url.value} and its client have only suites with static RSA key exchange in common (${some(agreement.suites)}), which JDK updates since January 2026 refuse`,
        "Enable ECDHE on the server before the client's JDK is updated",
        server.cipherSuites,
        client.cipherSuites,
      );
  }
}

const some = (names: readonly string[]): string =>
  `${names.slice(0, 4).join(", ")}${names.length > 4 ? ` and ${names.length - 4} more` : ""}`;

/** What the server requires of its clients, and what this one has. */
function compareCertificates(
  client: ImportedClient,
  server: ImportedEndpoint,
): readonly ImportIssue[] {
  if (server.clientAuth?.value !== "required") return [];
  const chain = client.ownChain ?? [];
  // a gateway keeps its keys to itself, and they are in its bundle by name only
  if (client.identity === null && client.profile.value !== "layer7" && chain.length === 0)
    return [
      {
        code: "estate.client-auth-unconfigured",
        severity: "warning",
        summary: `${server.url.value} requires a client certificate, and the client that dials it has none`,
        place: placeOf(client.trust[0] ?? client.profile),
        remedy: [
          "Configure a key and a certificate of a CA that the server accepts",
          `anchorwatch check ${server.url.value} --cert client.pem --key client.key`,
        ],
      },
    ];
  const authorities = server.clientAuthorities?.value ?? [];
  const [leaf] = chain;
  if (leaf === undefined || authorities.length === 0 || isAccepted(chain, authorities)) return [];
  const { identity } = client;
  const own =
    identity === null
      ? client.profile
      : identity.kind === "pem"
        ? identity.certificate
        : identity.path;
  return [
    {
      code: "estate.client-certificate-unaccepted",
      severity: "warning",
      summary: `${server.url.value} requires a certificate of ${authorities.length === 1 ? `"${authorities[0]?.subject.text ?? ""}"` : `one of ${authorities.length} CAs`}, and the client's, "${leaf.subject.text}", was issued by "${leaf.issuer.text}"`,
      place: placeOf(own),
      remedy: [
        server.clientAuthorities === undefined || placeOf(server.clientAuthorities) === null
          ? "Add the CA of the client's certificate to those that the server accepts"
          : `Add the CA of the client's certificate to the store that ${placeOf(server.clientAuthorities)?.file ?? ""} names in line ${placeOf(server.clientAuthorities)?.line ?? 0}, after comparing its fingerprint with the owner`,
      ],
    },
  ];
}

/** Whether a certificate of the chain, or the issuer of one, is among the authorities, by name. */
function isAccepted(chain: readonly Certificate[], authorities: readonly Certificate[]): boolean {
  const names = new Set(authorities.map(({ subject }) => subject.text));
  return chain.some(({ subject, issuer }) => names.has(issuer.text) || names.has(subject.text));
}

/** Listeners of different hosts that present the same certificate, which has the name of neither: a demonstration's. */
function sharedCertificates(
  imports: readonly SystemImport[],
): ReadonlyMap<SystemImport, ImportIssue[]> {
  const byCertificate = new Map<string, { owner: SystemImport; endpoint: ImportedEndpoint }[]>();
  for (const owner of imports)
    for (const endpoint of owner.endpoints) {
      const leaf = endpoint.direction === "listens" ? endpoint.ownChain?.[0] : undefined;
      if (leaf === undefined) continue;
      const key = Buffer.from(leaf.der).toString("base64");
      byCertificate.set(key, [...(byCertificate.get(key) ?? []), { owner, endpoint }]);
    }
  const found = new Map<SystemImport, ImportIssue[]>();
  for (const users of byCertificate.values()) {
    const hosts = new Set(users.map(({ endpoint }) => hostOf(endpoint)));
    const [leaf] = users[0]?.endpoint.ownChain ?? [];
    if (hosts.size < 2 || leaf === undefined || leaf.subject.text !== leaf.issuer.text) continue;
    for (const { owner, endpoint } of users)
      found.set(owner, [
        ...(found.get(owner) ?? []),
        {
          code: "estate.shared-certificate",
          severity: "warning",
          summary: `${[...hosts].slice(0, 5).join(", ")} present the same self-signed certificate, "${leaf.subject.text}": it looks like that of a sample or an installer, whose key others have too`,
          place: placeOf(endpoint.url),
          remedy: ["Give every host a key and a certificate of your own CA"],
        },
      ]);
  }
  return found;
}

function hostOf(endpoint: ImportedEndpoint): string {
  const address = addressOf(endpoint).replace(/:\d+$/u, "");
  return isIP(address) === 0 ? address.replace(/\.$/u, "") : address;
}
