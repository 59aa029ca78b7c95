import type { EstateEndpoint } from "../../estate/estate.ts";
import { changedClientKey, isAnother } from "../../links/changes/own-key.ts";
import type { LoadedPlan, Step } from "../../links/changes/step.ts";
import { World } from "../../links/changes/world.ts";
import type { LoadedClient } from "../../links/loaded-client.ts";
import type { Observation } from "../../links/observation.ts";
import type { Clock } from "../clock.ts";
import { FairSlots } from "../fair-slots.ts";
import type { ClientIdentity } from "../identity.ts";
import type { Inventory, WatchedEndpoint } from "../inventory.ts";
import { observe } from "../observe.ts";
import type { Prober } from "../prober.ts";

/** How endpoints are looked at. */
export interface LookContext {
  readonly prober: Prober;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told how many endpoints are done. */
  readonly progress?: (done: number) => void;
}

/** What is seen of an estate, and at the places to which a plan moves its endpoints. */
export interface Looked {
  readonly observations: ReadonlyMap<string, Observation>;
  readonly plan: LoadedPlan;
}

/**
 * Looks at every endpoint of an estate once, paced as its schedule says: as each of its clients is, and as it is to be;
 * and at the new place of each that moves, unless it gets another certificate there, which means that it is not there yet.
 */
export async function lookAround(
  inventory: Inventory,
  plan: LoadedPlan,
  context: LookContext,
): Promise<Looked> {
  const { estate } = inventory;
  const { concurrency, perHost } = estate.schedule;
  const slots = new FairSlots({ total: concurrency, perKey: perHost });
  const world = new World({ ...inventory, observations: new Map() }, plan.steps);
  let done = 0;
  const look = async (watched: WatchedEndpoint): Promise<Observation | null> => {
    const seen = await observe(watched, { ...context, slots, started: () => {} });
    context.progress?.(++done);
    return seen;
  };
  const tasks = [...inventory.endpoints].map(async ([name, watched]) => {
    const seen = await look(asBoth(watched, world));
    return seen === null ? [] : [[name, seen] as const];
  });
  const steps = plan.steps.map(async (step): Promise<Step> => {
    const moved = movedEndpoint(step, inventory);
    if (moved === null || step.effect.kind !== "endpoint") return step;
    return { ...step, effect: { ...step.effect, seen: await look(asBoth(moved, world)) } };
  });
  return {
    observations: new Map((await Promise.all(tasks)).flat()),
    plan: { ...plan, steps: await Promise.all(steps) },
  };
}

function movedEndpoint({ effect }: Step, { endpoints }: Inventory): WatchedEndpoint | null {
  if (effect.kind !== "endpoint" || effect.chain !== null) return null;
  const { url, connect, serverName } = effect;
  const watched = endpoints.get(effect.endpoint);
  if (watched === undefined || (url === null && connect === null && serverName === null))
    return null;
  const endpoint: EstateEndpoint = {
    ...watched.endpoint,
    ...(url === null ? {} : { url: url.text, target: url.target }),
    ...(connect === null ? {} : { connect }),
    ...(serverName === null ? {} : { serverName }),
  };
  return { ...watched, endpoint };
}

/** An endpoint with its clients as they are and as they are to be. */
function asBoth(watched: WatchedEndpoint, world: World): WatchedEndpoint {
  const clients = new Map<string, LoadedClient>();
  const identities = new Map<string, ClientIdentity | null>();
  const add = (client: LoadedClient, key: string): void => {
    clients.set(key, { ...client, party: { ...client.party, name: key } });
    if (client.identity === null) identities.set("", null);
    else if (client.identity.ok) identities.set(client.identity.value.id, client.identity.value);
  };
  for (const { party } of watched.clients) {
    const before = world.client(party.name, 0n);
    const after = world.client(party.name, world.all);
    if (before !== null) add(before, party.name);
    if (after !== null && before !== null && isAnother(before, after))
      add(after, changedClientKey(party.name, after.party.profile));
  }
  return {
    ...watched,
    clients: [...clients.values()],
    identities: identities.size === 0 ? watched.identities : [...identities.values()],
  };
}
