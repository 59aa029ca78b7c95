import { chainOf, type ClientIdentity } from "../daemon/identity.ts";
import { loadInventory } from "../daemon/inventory.ts";
import { systemReaders } from "../daemon/system-readers.ts";
import { type Estate, type EstateEndpoint, formatProblem } from "../estate/estate.ts";
import type { Endpoint } from "../probe/handshake.ts";
import { thresholdMilliseconds } from "../estate/duration.ts";
import { loadEstate } from "../estate/load-estate.ts";
import { thresholdsFor } from "../links/judge-link.ts";
import type { ProfileName } from "../trust/profile-names.ts";
import { suggest } from "../estate/suggest.ts";
import type { CheckClients } from "./check-clients.ts";
import { UsageError } from "./usage-error.ts";

/** Lifetime that thresholds written as a share are taken of where no certificate is at hand: one year. */
const USUAL_LIFETIME = 365 * 86_400_000;

/** A client of an estate as `check` needs it. @throws {UsageError} when the estate or the client is wrong */
export async function estateClient(
  name: string,
  file: string,
  identityAs: (profile: ProfileName) => ClientIdentity | null,
): Promise<CheckClients> {
  const estate = await loadEstate(file);
  if (!estate.ok) throw new UsageError(estate.error.map(formatProblem).join("\n"));
  const client = estate.value.clients.find((each) => each.name === name);
  if (client === undefined) throw new UsageError(unknownClient(name, file, estate.value.clients));
  const inventory = await loadInventory(
    { ...estate.value, clients: [client], links: [] },
    systemReaders,
  );
  const { warning, critical } = estate.value.thresholds;
  const loaded = inventory.clients.get(name);
  if (loaded === undefined) throw new UsageError(`--client: ${name} cannot be loaded`);
  const given = identityAs(client.profile);
  const identity = given ?? (loaded.identity?.ok === true ? loaded.identity.value : null);
  return {
    parties: [
      {
        party: {
          ...loaded.party,
          ownChain: chainOf(identity),
          ownProblem: given === null ? (loaded.party.ownProblem ?? null) : null,
          commandWords: ["--client", name, "--estate", file],
        },
        identity,
      },
    ],
    serverSystem: (endpoint) => knownEndpoint(estate.value, endpoint)?.system ?? null,
    expectedAddresses: (endpoint) => knownEndpoint(estate.value, endpoint)?.expect.addresses ?? [],
    known: (text, endpoint) => {
      const found =
        knownEndpoint(estate.value, endpoint) ??
        estate.value.endpoints.find((each) => each.name === text);
      if (found === undefined) return null;
      const { target, connect, serverName } = found;
      return { endpoint: target, connect, serverName };
    },
    thresholds: {
      warning: thresholdMilliseconds(warning, USUAL_LIFETIME),
      critical: thresholdMilliseconds(critical, USUAL_LIFETIME),
    },
    thresholdsFor: (handshake) => thresholdsFor(handshake, estate.value.thresholds),
    otherTruststores: inventory.truststores,
  };
}

/** The endpoint of the estate that a target means. */
function knownEndpoint(
  { endpoints }: Estate,
  { scheme, host, port }: Endpoint,
): EstateEndpoint | undefined {
  return endpoints.find(
    ({ target }) =>
      target.port === port &&
      target.host.toLowerCase() === host.toLowerCase() &&
      (scheme === "tls" || target.scheme === scheme),
  );
}

function unknownClient(
  name: string,
  file: string,
  clients: readonly { readonly name: string }[],
): string {
  const names = clients.map((client) => client.name);
  const close = suggest(name, names);
  const hint = close === null ? `it has ${names.join(", ")}` : `did you mean ${close}?`;
  return `--client: ${file} has no client ${JSON.stringify(name)}; ${hint}`;
}
