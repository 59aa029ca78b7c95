import type { NamedTruststore } from "../../diagnosis/assessment.ts";
import type { Estate, EstateLink } from "../../estate/estate.ts";
import type { StoreEntry, StoreFile } from "../../truststore/truststore.ts";
import { ok } from "../../x509/result.ts";
import type { LoadedClient } from "../loaded-client.ts";
import type { Observation } from "../observation.ts";
import { afterEffect, type SeenEndpoint } from "./moved-endpoint.ts";
import {
  type ClientEffect,
  has,
  members,
  only,
  type Step,
  type StepSet,
  type StoreEffect,
} from "./step.ts";

/** An estate with its files read, and what is known of its endpoints. */
export interface Surroundings {
  readonly estate: Estate;
  readonly truststores: readonly NamedTruststore[];
  readonly clients: ReadonlyMap<string, LoadedClient>;
  /** By name of the endpoint. */
  readonly observations: ReadonlyMap<string, Observation>;
}

/**
 * An estate in every state between 'nothing is done' and 'everything is done'. Parts that a set of steps does not touch
 * are the same objects as before, so what was computed for them holds.
 */
export class World {
  readonly #surroundings: Surroundings;
  readonly #steps: readonly Step[];
  readonly #storeSteps = new Map<string, StepSet>();
  readonly #clientSteps = new Map<string, StepSet>();
  readonly #endpointSteps = new Map<string, StepSet>();
  readonly #maskByClient = new Map<string, StepSet>();
  readonly #hasFlags: boolean;
  readonly #stores: Memory<NamedTruststore | null> = new Map();
  readonly #clients: Memory<LoadedClient | null> = new Map();
  readonly #endpoints: Memory<SeenEndpoint | null> = new Map();
  readonly #lists: Memory<readonly NamedTruststore[]> = new Map();
  readonly #trust: ReadonlyMap<string, readonly string[]>;
  readonly #storesByName: ReadonlyMap<string, NamedTruststore>;
  readonly #endpointsByName: ReadonlyMap<string, Estate["endpoints"][number]>;

  constructor(surroundings: Surroundings, steps: readonly Step[]) {
    this.#surroundings = surroundings;
    this.#steps = steps;
    this.#hasFlags = steps.some(({ effect }) => effect.kind === "store-flags");
    this.#trust = new Map(surroundings.estate.clients.map((each) => [each.name, each.truststores]));
    this.#storesByName = new Map(surroundings.truststores.map((each) => [each.name, each]));
    this.#endpointsByName = new Map(surroundings.estate.endpoints.map((each) => [each.name, each]));
    for (const [index, { effect }] of steps.entries()) {
      const [known, name] =
        effect.kind === "endpoint"
          ? [this.#endpointSteps, effect.endpoint]
          : effect.kind === "client"
            ? [this.#clientSteps, effect.client]
            : [this.#storeSteps, effect.truststore];
      known.set(name, (known.get(name) ?? 0n) | only(index));
    }
  }

  /** Every step. */
  get all(): StepSet {
    return only(this.#steps.length) - 1n;
  }

  /** Whether some step changes a truststore. */
  get changesStores(): boolean {
    return this.#storeSteps.size > 0;
  }

  /** The steps on which the verdict about a link may depend. */
  stepsOf({ client, endpoint }: EstateLink): StepSet {
    return this.#stepsOfClient(client) | (this.#endpointSteps.get(endpoint) ?? 0n);
  }

  /** Every truststore when some steps are done; the same array for the same set. */
  truststores(done: StepSet): readonly NamedTruststore[] {
    const mask = [...this.#storeSteps.values()].reduce((sum, each) => sum | each, 0n);
    return remembered(this.#lists, "", done & mask, (set) =>
      set === 0n
        ? this.#surroundings.truststores
        : this.#surroundings.truststores.map((each) => this.#store(each.name, set) ?? each),
    );
  }

  /** A client when some steps are done; null when the estate has none of that name. */
  client(name: string, done: StepSet): LoadedClient | null {
    return remembered(this.#clients, name, done & this.#stepsOfClient(name), (set) => {
      const before = this.#surroundings.clients.get(name) ?? null;
      return before === null || set === 0n ? before : this.#changed(name, before, set);
    });
  }

  /** An endpoint when some steps are done, with what is seen there; null when the estate has none of that name. */
  endpoint(name: string, done: StepSet): SeenEndpoint | null {
    const mask = this.#endpointSteps.get(name) ?? 0n;
    return remembered(this.#endpoints, name, done & mask, (set) => {
      const endpoint = this.#endpointsByName.get(name);
      if (endpoint === undefined) return null;
      let seen: SeenEndpoint = {
        endpoint,
        observation: this.#surroundings.observations.get(name) ?? null,
        assumptions: [],
      };
      for (const index of members(set)) {
        const effect = this.#steps[index]?.effect;
        if (effect?.kind === "endpoint") seen = afterEffect(seen, effect);
      }
      return seen;
    });
  }

  /**
   * Below which anchors of a client host names are checked and below which they are not, by SHA-256, as far as flags of
   * a gateway's certificates are changed; of other anchors the settings of the client say it.
   */
  nameChecks(client: string, done: StepSet): ReadonlyMap<string, boolean> {
    const checks = new Map<string, boolean>();
    if (!this.#hasFlags) return checks;
    const set = done & this.#stepsOfClient(client);
    // a client may have been given other truststores in the meantime
    const stores = this.client(client, done)?.party.truststores.map(({ name }) => name) ?? [];
    for (const index of members(set)) {
      const effect = this.#steps[index]?.effect;
      if (effect?.kind === "store-flags" && effect.isAnchor && stores.includes(effect.truststore))
        checks.set(effect.entry.sha256, effect.verifiesHostname);
    }
    return checks;
  }

  /** Every client of the estate as it is before the first step. */
  get clientsBefore(): Iterable<LoadedClient> {
    return this.#surroundings.clients.values();
  }

  #stepsOfClient(name: string): StepSet {
    let known = this.#maskByClient.get(name);
    if (known === undefined) this.#maskByClient.set(name, (known = this.#findStepsOfClient(name)));
    return known;
  }

  #findStepsOfClient(name: string): StepSet {
    const own = this.#clientSteps.get(name) ?? 0n;
    const stores = new Set(this.#trust.get(name) ?? []);
    for (const index of members(own)) {
      const effect = this.#steps[index]?.effect;
      if (effect?.kind === "client") for (const store of effect.trust ?? []) stores.add(store);
    }
    let all = own;
    for (const store of stores) all |= this.#storeSteps.get(store) ?? 0n;
    return all;
  }

  #changed(name: string, before: LoadedClient, set: StepSet): LoadedClient {
    let { party, identity } = before;
    let trust = this.#trust.get(name) ?? [];
    for (const index of members(set)) {
      const effect = this.#steps[index]?.effect;
      if (effect?.kind !== "client" || effect.client !== name) continue;
      party = { ...party, ...rulesOf(effect) };
      trust = effect.trust ?? trust;
      if (effect.identity === null) continue;
      identity = effect.identity.to;
      const ownChain =
        identity?.ok === true ? (identity.value.keyring.certificates[0]?.chain ?? null) : null;
      party = { ...party, ownChain, ownProblem: identity?.ok === false ? identity.error : null };
    }
    const truststores = trust.flatMap((store) => this.#store(store, set) ?? []);
    return { party: { ...party, truststores }, identity };
  }

  #store(name: string, done: StepSet): NamedTruststore | null {
    return remembered(
      this.#stores,
      name,
      done & (this.#storeSteps.get(name) ?? 0n),
      (set): NamedTruststore | null => {
        let store = this.#storesByName.get(name) ?? null;
        for (const [index, { effect }] of this.#steps.entries())
          if (store !== null && has(set, index) && isStoreEffect(effect))
            store = changedStore(store, effect);
        return store;
      },
    );
  }
}

type Memory<T> = Map<string, Map<StepSet, T>>;

function remembered<T>(
  memory: Memory<T>,
  name: string,
  set: StepSet,
  compute: (set: StepSet) => T,
): T {
  let known = memory.get(name);
  if (known === undefined) memory.set(name, (known = new Map<StepSet, T>()));
  const found = known.get(set);
  if (found !== undefined) return found;
  const made = compute(set);
  known.set(set, made);
  return made;
}

const isStoreEffect = (effect: Step["effect"]): effect is StoreEffect =>
  effect.kind !== "endpoint" && effect.kind !== "client";

function rulesOf({
  profile,
  rules,
  peerCheck,
  nameCheck,
}: ClientEffect): Partial<LoadedClient["party"]> {
  return {
    ...(profile === null ? {} : { profile, rules: null, running: null }),
    ...(rules === null ? {} : { rules }),
    ...(peerCheck === null ? {} : { peerCheck }),
    ...(nameCheck === null ? {} : { nameCheck }),
  };
}

/** A store after a step; one that cannot be read stays so until it is replaced. */
export function changedStore(named: NamedTruststore, effect: StoreEffect): NamedTruststore {
  if (effect.kind === "store-replace") return { ...named, store: effect.store };
  const { store } = named;
  if (!store.ok) return named;
  const { files } = store.value;
  const withFiles = (changed: readonly StoreFile[]): NamedTruststore => ({
    ...named,
    store: ok({ ...store.value, files: changed }),
  });
  const without = (isGone: (entry: StoreEntry) => boolean): readonly StoreFile[] =>
    files.map((file) => ({ ...file, entries: file.entries.filter((entry) => !isGone(entry)) }));
  switch (effect.kind) {
    case "store-add":
      return withFiles(appended(files, effect.entries));
    case "store-remove":
      return withFiles(without((entry) => effect.entries.has(entry)));
    case "store-flags": {
      const { entry } = effect;
      const others = without(({ sha256 }) => sha256 === entry.sha256);
      return withFiles(effect.isAnchor ? appended(others, [entry]) : others);
    }
  }
}

function appended(
  [first, ...others]: readonly StoreFile[],
  added: readonly StoreEntry[],
): readonly StoreFile[] {
  return first === undefined
    ? []
    : [{ ...first, entries: [...first.entries, ...added] }, ...others];
}
