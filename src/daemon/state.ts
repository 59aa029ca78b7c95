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
  #links = new Map<string, LinkState>();
  #endpoints = new Map<string, EndpointState>();
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
      this.#listed = { revision: this.#revision, links: [...this.#links.values()] };
    return this.#listed.links;
  }

  /** Every endpoint, in the order of the estate. */
  get endpoints(): readonly EndpointState[] {
    return [...this.#endpoints.values()];
  }

  /** One link; undefined when the estate has no such. */
  link(client: string, endpoint: string): LinkState | undefined {
    return this.#links.get(linkKey(client, endpoint));
  }

  /** Whether every endpoint was looked at, as far as it may be now, and its links judged. */
  get complete(): boolean {
    for (const { checkedAt, quietUntil } of this.#endpoints.values())
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
  adopt({ estate, endpoints }: Inventory): void {
    const before = this.#links;
    this.#links = new Map();
    const known = this.#endpoints;
    this.#endpoints = new Map();
    for (const [name, { endpoint, clients }] of endpoints) {
      const names = clients.map(({ party }) => party.name);
      const present = known.get(name) ?? NOTHING_SEEN;
      this.#endpoints.set(name, { ...present, endpoint, clients: names });
    }
    const profiles = new Map(estate.clients.map(({ name, profile }) => [name, profile]));
    for (const { client, endpoint } of estate.links) {
      const watched = endpoints.get(endpoint);
      const profile = profiles.get(client);
      if (watched === undefined || profile === undefined) continue;
      const { url, labels } = watched.endpoint;
      const key = linkKey(client, endpoint);
      const verdict = before.get(key) ?? { ...PENDING, checkedAt: null, since: null };
      const facts = { client, endpoint, profile, url, labels };
      this.#links.set(key, isAbout(verdict, facts) ? verdict : { ...verdict, ...facts });
    }
    this.#sequence++;
    this.#revision++;
    this.#tell(null);
  }

  /** Forgets what was observed at an endpoint, because it is another endpoint now. */
  forget(endpoint: string): void {
    const known = this.#endpoints.get(endpoint);
    if (known === undefined) return;
    this.#revision++;
    this.#endpoints.set(endpoint, { ...known, ...NOTHING_SEEN });
    for (const [key, link] of this.#links)
      if (link.endpoint === endpoint)
        this.#links.set(key, { ...link, ...PENDING, checkedAt: null, since: null });
  }

  /** Notes until when an endpoint is not probed; null while it is. */
  quiet(endpoint: string, quietUntil: number | null): void {
    const known = this.#endpoints.get(endpoint);
    if (known === undefined || known.quietUntil === quietUntil) return;
    this.#revision++;
    this.#endpoints.set(endpoint, { ...known, quietUntil });
  }

  /** Notes what a look at an endpoint gave. */
  observed(endpoint: string, observation: Observation): void {
    const known = this.#endpoints.get(endpoint);
    if (known === undefined) return;
    this.#revision++;
    this.#endpoints.set(endpoint, {
      ...known,
      checkedAt: observation.at,
      addresses: addressStates(observation),
    });
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
    const known = this.#links.get(key);
    if (known === undefined) return undefined;
    const before = this.#remembered.get(key);
    const since = before?.state === verdict.state ? before.since : at;
    return { ...known, ...verdict, checkedAt, since };
  }

  /** Puts a state made by `next` in place and tells the followers. */
  put(link: LinkState): void {
    const key = linkKey(link.client, link.endpoint);
    if (!this.#links.has(key)) return;
    this.#links.set(key, link);
    if (link.since !== null) this.#remembered.set(key, { state: link.state, since: link.since });
    this.#sequence++;
    this.#revision++;
    this.#tell({ sequence: this.#sequence, link });
  }

  #tell(change: LinkChange | null): void {
    for (const follower of this.#followers) follower(change);
  }
}
