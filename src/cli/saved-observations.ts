import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Estate, EstateEndpoint } from "../estate/estate.ts";
import type { Observation, ObservedHandshake, OwnHandshake } from "../links/observation.ts";
import type { Handshake } from "../probe/handshake.ts";
import { clientHandshake } from "../trust/client-handshake.ts";
import { profileOf } from "../trust/profiles.ts";
import { readHandshakeFile } from "./handshake-file.ts";
import { InputError } from "./input-error.ts";

/** How messages call the option. */
const OPTION = "--handshakes";

/** Names of files that a folder of saved handshakes may hold. */
const SAVED = /\.(?:ndjson|jsonl|json)$/i;

/** What one address answered, by what it was shown. */
type Seen = Map<string, Handshake>;

/**
 * What endpoints answered when `check --save` was run: of each address and client certificate the last conversation
 * counts, and one that began with the wide hello before any other.
 * @param path a file, or a folder whose `.ndjson`, `.jsonl` and `.json` files are read in the order of their names
 * @throws {InputError} that names the file and line
 */
export async function savedObservations(
  path: string,
  estate: Estate,
): Promise<ReadonlyMap<string, Observation>> {
  const places = Map.groupBy(estate.endpoints, ({ target }) => placeKey(target));
  const found = new Map<EstateEndpoint, { readonly wide: Seen; readonly own: Seen }>();
  for (const file of await filesAt(path))
    for await (const handshake of readHandshakeFile(file, OPTION))
      for (const endpoint of places.get(placeKey(handshake.endpoint)) ?? []) {
        if (!isFor(handshake, endpoint)) continue;
        let seen = found.get(endpoint);
        if (seen === undefined) found.set(endpoint, (seen = { wide: new Map(), own: new Map() }));
        const key = JSON.stringify([handshake.address, identityOf(handshake)]);
        if (handshake.hello === "wide") seen.wide.set(key, handshake);
        else seen.own.set(JSON.stringify([handshake.hello, key]), handshake);
      }
  return new Map(
    [...found].map(([endpoint, { wide, own }]) => [
      endpoint.name,
      observation([...wide.values()], [...own.values()], endpoint, estate),
    ]),
  );
}

async function filesAt(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path)).filter((name) => SAVED.test(name)).toSorted();
    if (names.length > 0) return names.map((name) => join(path, name));
  } catch {
    // what is wrong with it is told by whoever opens it
    return [path];
  }
  throw new InputError(
    `${OPTION}: The folder ${path} holds no .ndjson, .jsonl or .json file that check --save wrote`,
  );
}

const placeKey = ({ host, port }: Handshake["endpoint"]): string =>
  JSON.stringify([host.toLowerCase(), port]);

/** Whether a conversation is one with an endpoint: the scheme may have been left out, the name may not be another. */
function isFor(
  { endpoint: { scheme }, serverName: sent }: Handshake,
  { target, serverName }: EstateEndpoint,
): boolean {
  const wanted = (serverName ?? target.host).toLowerCase();
  return (
    (scheme === target.scheme || scheme === "tls") &&
    (sent === null || sent.toLowerCase() === wanted)
  );
}

/** Who showed a certificate; null for nobody. */
const identityOf = ({ clientCertificateAnswer: answer }: Handshake): string | null =>
  answer?.kind === "sent" ? `saved:${answer.sha256}` : null;

function observation(
  wide: readonly Handshake[],
  others: readonly Handshake[],
  endpoint: EstateEndpoint,
  estate: Estate,
): Observation {
  const handshakes = (wide.length > 0 ? wide : others).map((handshake): ObservedHandshake => ({
    identity: identityOf(handshake),
    handshake,
  }));
  return {
    at: Math.max(...handshakes.map(({ handshake }) => Date.parse(handshake.startedAt))),
    handshakes,
    own: wide.length > 0 ? ownOf(others, endpoint, estate) : [],
  };
}

/** Conversations that began as those of a client do, for each client that begins them so. */
function ownOf(
  others: readonly Handshake[],
  { name }: EstateEndpoint,
  { links, clients }: Estate,
): readonly OwnHandshake[] {
  if (others.length === 0) return [];
  const dependants = new Set(
    links.filter(({ endpoint }) => endpoint === name).map(({ client }) => client),
  );
  return clients
    .filter((client) => dependants.has(client.name) && client.identity === null)
    .flatMap(({ name: client, profile }) => {
      const { hello } = clientHandshake(profileOf(profile));
      return others
        .filter((handshake) => handshake.hello === hello && identityOf(handshake) === null)
        .map((handshake) => ({ client, handshake }));
    });
}
