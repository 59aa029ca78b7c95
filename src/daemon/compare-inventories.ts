import { isDeepStrictEqual } from "node:util";
import type { Inventory, LoadedClient, WatchedEndpoint } from "./inventory.ts";
import { inTurns } from "./turns.ts";

/** What another inventory changes, by the names of endpoints. */
export interface InventoryChange {
  /** To be looked at at once: other places, or certificates that were not shown there. */
  readonly atOnce: ReadonlySet<string>;
  /** Are not what they were: what was seen of them holds no more. */
  readonly gone: ReadonlySet<string>;
  /** Stay where they are, but their clients may judge otherwise. */
  readonly affected: ReadonlySet<string>;
}

/** Endpoints that are compared in one go. */
const COMPARED = 200;

/** Compares two inventories; before the first one there is nothing to look at sooner than its turn comes. */
export async function compareInventories(
  before: Inventory | null,
  next: Inventory,
): Promise<InventoryChange> {
  const atOnce = new Set<string>();
  const gone = new Set<string>();
  const affected = new Set<string>();
  if (before === null) return { atOnce, gone, affected };
  const isSameClient = await clientComparison(before, next);
  for await (const group of inTurns(before.endpoints, COMPARED))
    for (const [name, known] of group) {
      const present = next.endpoints.get(name);
      if (present === undefined || !isSamePlace(known, present)) gone.add(name);
      else if (!isJudgedAlike(known, present, isSameClient)) affected.add(name);
      if (present !== undefined && (gone.has(name) || !covers(known, present))) atOnce.add(name);
    }
  return { atOnce, gone, affected };
}

type SameClient = (known: LoadedClient, next: LoadedClient) => boolean;

/** Tells of two clients whether they judge alike; each pair is compared once. */
async function clientComparison(before: Inventory, next: Inventory): Promise<SameClient> {
  // any store may be named in a finding, and every link has thresholds
  const isSameGround =
    isDeepStrictEqual(before.estate.thresholds, next.estate.thresholds) &&
    (await hasSameStores(before, next));
  if (!isSameGround) return () => false;
  const compared = new WeakMap<LoadedClient, boolean>();
  return (known, client) => {
    let isSame = compared.get(client);
    if (isSame === undefined) {
      isSame = isDeepStrictEqual(judging(known), judging(client));
      compared.set(client, isSame);
    }
    return isSame;
  };
}

async function hasSameStores(
  { truststores: before }: Inventory,
  { truststores: next }: Inventory,
): Promise<boolean> {
  if (before.length !== next.length) return false;
  for await (const group of inTurns(next.entries(), 1))
    for (const [index, store] of group) if (!isDeepStrictEqual(before[index], store)) return false;
  return true;
}

/** What of a client counts when it judges, where the truststores of the estate are the same. */
function judging({ party, identity }: LoadedClient): unknown {
  const { truststores, ...rest } = party;
  return [
    rest,
    truststores.map(({ name }) => name),
    identity?.ok === true ? identity.value.id : identity,
  ];
}

function isJudgedAlike(
  known: WatchedEndpoint,
  next: WatchedEndpoint,
  isSameClient: SameClient,
): boolean {
  return (
    known.clients.length === next.clients.length &&
    next.clients.every((client, index) => {
      const before = known.clients[index];
      return before?.party.name === client.party.name && isSameClient(before, client);
    }) &&
    JSON.stringify(known.endpoint) === JSON.stringify(next.endpoint)
  );
}

/** Whether two versions of an endpoint are reached in the same way: what was seen of one holds for the other. */
export function isSamePlace(
  { endpoint: a }: WatchedEndpoint,
  { endpoint: b }: WatchedEndpoint,
): boolean {
  const place = ({
    target,
    connect,
    serverName,
    route,
    request,
  }: WatchedEndpoint["endpoint"]): string =>
    JSON.stringify([target, connect, serverName, route, request]);
  return place(a) === place(b);
}

/** Whether a look at one version of an endpoint shows every certificate that the other shows. */
function covers(known: WatchedEndpoint, next: WatchedEndpoint): boolean {
  const shown = new Set(known.identities.map((identity) => identity?.id));
  return next.identities.every((identity) => shown.has(identity?.id));
}
