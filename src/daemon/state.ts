import { addressStates, type EndpointState } from "./endpoint-state.ts";
import type { Inventory } from "./inventory.ts";
import {
  type LinkCondition,
  linkKey,
  type LinkState,
  type LinkVerdict,
  PENDING,
} from "./link-state.ts";
import type { Observation } from "./observe.ts";
import { doInTurns } from "./turns.ts";

/** One link that was judged anew, with its place in the order of all such changes. */
export interface LinkChange {
  readonly sequence: number;
  readonly link: LinkState;
}

/** Since when a link was in which state, as the history remembers it. */
export interface RememberedState {
  readonly state: LinkCondition;
  /** Milliseconds since 1970. */
  readonly since: number;
}

const NOTHING_SEEN = { checkedAt: null, quietUntil: null, addresses: [] } as const;
const UNJUDGED = { ...PENDING, checkedAt: null, since: null } as const;

/** Links and endpoints that are taken over in one go. */
const STEP = 1000;

/** What is known, by linkKey and by the name of the endpoint. */
interface Tables {
  readonly links: Map<string, LinkState>;
  readonly endpoints: Map<string, EndpointState>;
}

type LinkFacts = Pick<LinkState, "client" | "endpoint" | "profile" | "url" | "labels">;

/** Whether a state says of its link what the estate says now: then it need not be made anew. */
function isAbout(known: object, { profile, url, labels }: LinkFacts): known is LinkState {
  if (!("labels" in known && "url" in known && "profile" in known)) return false;
  const names = Object.keys(labels);
  const before: unknown = known.labels;
  return (
    known.profile === profile &&
    known.url === url &&
    typeof before === "object" &&
    before !== null &&
    names.length === Object.keys(before).length &&
    names.every((name) => Reflect.get(before, name) === labels[name])
  );
}

/** The present state of every link and endpoint. Changes are numbered, so that readers can follow. */
export class State {
  #sequence = 0;
  #revision = 0;
  /** The links as they were asked for last: many readers ask for the same. */
  #listed: { readonly revision: number; readonly links: readonly LinkState[] } | null = null;
  #tables: Tables = { links: new Map(), endpoints: new Map() };
  /** The tables of another inventory while they are made: what is noted meanwhile holds for them as well. */
  #coming: Tables | null = null;
  /** Outlives links that are forgotten, so that a state's age survives reloads. */
  readonly #remembered: Map<string, RememberedState>;
  readonly #followers = new Set<(change: LinkChange | null) => void>();

  /** @param remembered by linkKey: states from before the start */
  constructor(remembered: ReadonlyMap<string, RememberedState>) {
    this.#remembered = new Map(remembered);
  }

  /** Number of the latest change; 0 before the first. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Another number after everything that changes here, what is no change of a link among it. */
  get revision(): number {
    return this.#revision;
  }

  /** Every link, in the order of the estate. */
  get links(): readonly LinkState[] {
    if (this.#listed?.revision !== this.#revision)
      this.#listed = { revision: this.#revision, links: [...this.#tables.links.values()] };
    return this.#listed.links;
  }

  /** Every endpoint, in the order of the estate. */
  get endpoints(): readonly EndpointState[] {
    return [...this.#tables.endpoints.values()];
  }

  /** One link; undefined when the estate has no such. */
  link(client: string, endpoint: string): LinkState | undefined {
    return this.#tables.links.get(linkKey(client, endpoint));
  }

  /** Whether every endpoint was looked at, as far as it may be now, and its links judged. */
  get complete(): boolean {
    for (const { checkedAt, quietUntil } of this.#tables.endpoints.values())
      if (checkedAt === null && quietUntil === null) return false;
    return true;
  }

  /**
   * Calls back after each change, until the returned function is called. Null stands for a change of the
   * whole: links came or went.
   */
  follow(follower: (change: LinkChange | null) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /** Makes the links and endpoints of an inventory the only ones; what is known of the others is forgotten. */
  adopt(inventory: Inventory): void {
    for (const _step of this.#adoption(inventory));
  }

  /** As `adopt`, but nobody waits for it: until the end the links and endpoints of before are those that there are. */
  adoptInTurns(inventory: Inventory): Promise<void> {
    return doInTurns(this.#adoption(inventory));
  }

  *#adoption({ estate, endpoints }: Inventory): Generator<void> {
    const coming: Tables = { links: new Map(), endpoints: new Map() };
    this.#coming = coming;
    for (const [name, { endpoint, clients }] of endpoints) {
      const names = clients.map(({ party }) => party.name);
      const present = this.#tables.endpoints.get(name) ?? NOTHING_SEEN;
      coming.endpoints.set(name, { ...present, endpoint, clients: names });
      if (coming.endpoints.size % STEP === 0) yield;
    }
    const profiles = new Map(estate.clients.map(({ name, profile }) => [name, profile]));
    for (const { client, endpoint } of estate.links) {
      const watched = endpoints.get(endpoint);
      const profile = profiles.get(client);
      if (watched === undefined || profile === undefined) continue;
      const { url, labels } = watched.endpoint;
      const key = linkKey(client, endpoint);
      const verdict = this.#tables.links.get(key) ?? UNJUDGED;
      const facts = { client, endpoint, profile, url, labels };
      coming.links.set(key, isAbout(verdict, facts) ? verdict : { ...verdict, ...facts });
      if (coming.links.size % STEP === 0) yield;
    }
    // another one may have begun meanwhile, and counts
    if (this.#coming !== coming) return;
    this.#tables = coming;
    this.#coming = null;
    this.#sequence++;
    this.#revision++;
    this.#tell(null);
  }

  /** Forgets what was observed at endpoints, because they are others now. */
  forget(endpoints: ReadonlySet<string>): void {
    for (const endpoint of endpoints) this.#note(endpoint, NOTHING_SEEN);
    if (endpoints.size === 0) return;
    for (const [key, link] of this.#tables.links)
      if (endpoints.has(link.endpoint)) this.#judge(key, { ...link, ...UNJUDGED });
  }

  /** Notes until when an endpoint is not probed; null while it is. */
  quiet(endpoint: string, quietUntil: number | null): void {
    if (this.#tables.endpoints.get(endpoint)?.quietUntil !== quietUntil)
      this.#note(endpoint, { quietUntil });
  }

  /** Notes what a look at an endpoint gave. */
  observed(endpoint: string, observation: Observation): void {
    this.#note(endpoint, { checkedAt: observation.at, addresses: addressStates(observation) });
  }

  /**
   * The state that a verdict would make of a link; undefined when the estate has no such link.
   * @param at milliseconds since 1970: when it was judged
   */
  next(
    { client, endpoint }: Pick<LinkState, "client" | "endpoint">,
    verdict: LinkVerdict,
    { checkedAt, at }: { readonly checkedAt: number; readonly at: number },
  ): LinkState | undefined {
    const key = linkKey(client, endpoint);
    const known = this.#tables.links.get(key);
    if (known === undefined) return undefined;
    const before = this.#remembered.get(key);
    const since = before?.state === verdict.state ? before.since : at;
    return { ...known, ...verdict, checkedAt, since };
  }

  /** Puts a state made by `next` in place and tells the followers. */
  put(link: LinkState): void {
    const key = linkKey(link.client, link.endpoint);
    if (!this.#tables.links.has(key)) return;
    this.#judge(key, link);
    if (link.since !== null) this.#remembered.set(key, { state: link.state, since: link.since });
    this.#sequence++;
    this.#tell({ sequence: this.#sequence, link });
  }

  #note(endpoint: string, facts: Partial<EndpointState>): void {
    this.#revision++;
    for (const tables of [this.#tables, this.#coming]) {
      const known = tables?.endpoints.get(endpoint);
      if (known !== undefined) tables?.endpoints.set(endpoint, { ...known, ...facts });
    }
  }

  #judge(key: string, link: LinkState): void {
    this.#revision++;
    this.#tables.links.set(key, link);
    const coming = this.#coming?.links.get(key);
    if (coming === undefined) return;
    const { profile, url, labels } = coming;
    this.#coming?.links.set(key, { ...link, profile, url, labels });
  }

  #tell(change: LinkChange | null): void {
    for (const follower of this.#followers) follower(change);
  }
}
