import type { ImportedClient, ImportedEndpoint, ImportIssue, SystemImport } from "./model.ts";
import { placeOf } from "./origin.ts";

/** A listener by the address under which others dial it. */
const addressOf = ({ url }: ImportedEndpoint): string => url.value.toLowerCase();

/**
 * Compares both sides of every link whose server is imported as well: versions without an intersection, and a client
 * certificate that the server requires and the client does not have. An issue belongs to the import that dials.
 */
export function crossCheck(
  imports: readonly SystemImport[],
): ReadonlyMap<SystemImport, readonly ImportIssue[]> {
  const listeners = new Map<string, ImportedEndpoint>();
  for (const { endpoints } of imports)
    for (const endpoint of endpoints)
      if (endpoint.direction === "listens" && !listeners.has(addressOf(endpoint)))
        listeners.set(addressOf(endpoint), endpoint);
  return new Map(imports.map((each) => [each, issuesOf(each, listeners)]));
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
  const issues: ImportIssue[] = [];
  const offered = client.protocols?.value ?? [];
  const accepted = server.protocols?.value ?? [];
  const limits = client.protocols;
  if (
    limits !== undefined &&
    offered.length > 0 &&
    accepted.length > 0 &&
    !offered.some((version) => accepted.includes(version))
  )
    issues.push({
      code: "estate.no-common-parameters",
      severity: "warning",
      summary: `The client offers ${offered.join(", ")}, and ${server.url.value} accepts ${accepted.join(", ")}`,
      place: placeOf(limits),
      remedy: ["Allow TLS 1.2 and TLS 1.3 on both sides"],
    });
  // a gateway keeps its keys to itself, and they are in its bundle by name only
  if (
    server.clientAuth?.value === "required" &&
    client.identity === null &&
    client.profile.value !== "layer7"
  )
    issues.push({
      code: "estate.client-auth-unconfigured",
      severity: "warning",
      summary: `${server.url.value} requires a client certificate, and the client that dials it has none`,
      place: placeOf(client.trust[0] ?? client.profile),
      remedy: [
        "Configure a key and a certificate of a CA that the server accepts",
        `anchorwatch check ${server.url.value} --cert client.pem --key client.key`,
      ],
    });
  return issues;
}
