import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { assess } from "../diagnosis/assess.ts";
import type { Clock } from "./clock.ts";
import { EndpointPast, REMEMBERED_ANSWERS, sameChain } from "./endpoint-past.ts";
import { FairSlots } from "./fair-slots.ts";
import type { History } from "./history.ts";
import type { Inventory, LoadedClient, WatchedEndpoint } from "./inventory.ts";
import { judgeLink } from "../links/judge-link.ts";
import type { LinkState } from "./link-state.ts";
import type { DaemonLog } from "./log.ts";
import { type Observation, observe } from "./observe.ts";
import type { OwnMetrics } from "./own-metrics.ts";
import type { Handshake } from "../probe/handshake.ts";
import type { Prober } from "./prober.ts";
import { isReached, NetworkSight, type NetworkSightOptions } from "./network-sight.ts";
import { quietUntil } from "./quiet.ts";
import { type RunOutcome, Scheduler } from "./scheduler.ts";
import type { State } from "./state.ts";
import { inTurns } from "./turns.ts";

/** What a watcher works with. */
export interface WatcherOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly prober: Prober;
  readonly state: State;
  readonly log: DaemonLog;
  /** Asked for anew each time, because a reload may open another one. */
  readonly history: () => History;
  readonly metrics: () => OwnMetrics;
  /** Endpoints that were in reach before the start. */
  readonly reachedBefore: ReadonlySet<string>;
  readonly sightChanged: NetworkSightOptions["changed"];
}

/** Endpoints judged anew in one go after a reload. */
const JUDGE_BATCH = 20;

/** Looks at every endpoint of an inventory in turn, judges what it sees and passes it on. */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #slots: FairSlots;
  readonly #scheduler: Scheduler;
  readonly #stopping = new AbortController();
  readonly #observations = new Map<string, Observation>();
  readonly #past = new EndpointPast();
  readonly #sight: NetworkSight;
  /** Tells the looks of this run from those of others in the log. */
  readonly #runId = randomBytes(4).toString("hex");
  #looks = 0;
  #inventory: Inventory | null = null;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#slots = new FairSlots({ total: 1, perKey: 1 }, options.clock);
    // every conversation in flight listens for the end
    setMaxListeners(0, this.#stopping.signal);
    this.#scheduler = new Scheduler({
      clock: options.clock,
      random: options.random,
      run: (id, started) => this.#run(id, started),
      quietFor: (id) => this.#quietFor(id),
    });
    this.#sight = new NetworkSight(
      {
        clock: options.clock,
        hurry: (names) => this.#scheduler.hurry(names),
        changed: options.sightChanged,
      },
      options.reachedBefore,
    );
  }

  /** Whether the failure of an endpoint may be the fault of the watcher's own network. */
  withholds(endpoint: string): boolean {
    return this.#sight.withholds(endpoint);
  }

  /** How far behind the probes are. */
  statistics(): ReturnType<Scheduler["statistics"]> {
    return this.#scheduler.statistics();
  }

  /** What was seen last of each endpoint that was looked at, by its name. */
  get observations(): ReadonlyMap<string, Observation> {
    return this.#observations;
  }

  /** Conversations in flight. */
  get inFlight(): number {
    return this.#slots.inFlight;
  }

  /**
   * Watches another inventory. What was seen of endpoints that stay as they were is judged anew at once;
   * the others are looked at at once.
   */
  async adopt(inventory: Inventory): Promise<void> {
    const { atOnce, gone } = await compare(this.#inventory, inventory);
    this.#inventory = inventory;
    const { state } = this.#options;
    const { schedule } = inventory.estate;
    this.#slots.setLimits({ total: schedule.concurrency, perKey: schedule.perHost });
    for (const name of gone) {
      this.#observations.delete(name);
      this.#past.forget(name);
      state.forget(name);
    }
    state.adopt(inventory);
    this.#sight.adopt(inventory.endpoints.keys());
    this.#scheduler.replace(
      [...inventory.endpoints].map(
        ([
          id,
          {
            endpoint: { every, jitter },
          },
        ]) => ({
          id,
          every,
          jitter,
        }),
      ),
      atOnce,
    );
    await this.#judgeAll(inventory);
  }

  /** Ends every conversation and begins no further one. */
  stop(): void {
    this.#scheduler.stop();
    this.#slots.close();
    this.#sight.close();
    this.#stopping.abort();
  }

  async #judgeAll(inventory: Inventory): Promise<void> {
    for await (const group of inTurns(this.#observations, JUDGE_BATCH))
      for (const [name, observation] of group) {
        if (this.#inventory !== inventory || this.#stopping.signal.aborted) return;
        this.#judge(name, observation, inventory, null);
      }
  }

  /** In a window of quiet nobody is asked, and what is known is judged as of now. */
  #quietFor(name: string): number | null {
    const { state, clock } = this.#options;
    const inventory = this.#inventory;
    const endpoint = inventory?.endpoints.get(name)?.endpoint;
    if (inventory === null || endpoint === undefined) return null;
    const at = clock.wall();
    const until = quietUntil(endpoint, at);
    state.quiet(name, until);
    if (until === null) return null;
    const known = this.#observations.get(name);
    if (known !== undefined) this.#judge(name, known, inventory, null);
    return until - at;
  }

  async #run(name: string, started: () => void): Promise<RunOutcome> {
    const watched = this.#inventory?.endpoints.get(name);
    if (watched === undefined) return "settled";
    const probe = `${this.#runId}-${(++this.#looks).toString(36)}`;
    try {
      return await this.#look(name, watched, { started, probe });
    } catch (error) {
      const { log } = this.#options;
      log.error({ probe, endpoint: name, error: String(error) }, "Probe ended in a defect");
      return "settled";
    }
  }

  async #look(
    name: string,
    watched: WatchedEndpoint,
    { started, probe }: { readonly started: () => void; readonly probe: string },
  ): Promise<RunOutcome> {
    const { prober, clock } = this.#options;
    const observation = await observe(watched, {
      prober,
      slots: this.#slots,
      signal: this.#stopping.signal,
      started,
      clock,
    });
    const inventory = this.#inventory;
    const present = inventory?.endpoints.get(name);
    if (observation === null || inventory === null || present === undefined) return "settled";
    // a reload came in between
    if (!samePlace(watched, present)) return "settled";
    // given up though the daemon goes on: nobody knows what the server would have said
    if (observation.handshakes.some(({ handshake }) => handshake.failure?.code === "cancelled"))
      return "unsettled";
    const before = this.#observations.get(name);
    const first = before === undefined;
    if (first) this.#past.remember(name, this.#recorded(name), observation);
    else this.#past.observed(name, before, observation);
    this.#observations.set(name, observation);
    for (const handshake of distinctHandshakes(observation)) {
      this.#options.metrics().count(handshake);
      this.#tell(name, handshake, probe);
    }
    this.#sight.looked(name, isReached(observation));
    const changes = this.#judge(name, observation, inventory, probe);
    if (before !== undefined)
      return changes > 0 || !answersAlike(before, observation) ? "unsettled" : "settled";
    const failed = observation.handshakes.some(({ handshake }) => handshake.outcome === "failed");
    return failed ? "unsettled" : "settled";
  }

  #tell(endpoint: string, { address, outcome, version, failure }: Handshake, probe: string): void {
    this.#options.log.debug(
      { probe, endpoint, address, outcome, version, failure: failure?.code ?? null },
      "Probed",
    );
  }

  #recorded(name: string): ReturnType<History["answers"]> {
    return this.#options.history().answers(name, REMEMBERED_ANSWERS);
  }

  /** Judges, records and publishes, in this order: what readers see is on disk. Returns how many links changed. */
  #judge(
    name: string,
    observation: Observation,
    inventory: Inventory,
    probe: string | null,
  ): number {
    const { state, history, log, clock } = this.#options;
    const context = {
      assess,
      thresholds: inventory.estate.thresholds,
      truststores: inventory.truststores,
      at: clock.wall(),
      endpoint: inventory.endpoints.get(name)?.endpoint,
      pastOf: (handshake: Handshake) => this.#past.facts(name, handshake, observation.at),
    };
    const links: LinkState[] = [];
    let changes = 0;
    for (const client of inventory.endpoints.get(name)?.clients ?? []) {
      const before = state.link(client.party.name, name);
      if (before === undefined || !isCovered(client, observation)) continue;
      const verdict = judgeLink(client, observation, context);
      const link = state.next(before, verdict, { checkedAt: observation.at, at: context.at });
      if (link === undefined) continue;
      links.push(link);
      if (before.state === link.state) continue;
      if (before.state !== "pending") changes++;
      log[link.state === "broken" ? "warn" : "info"](
        { probe, client: link.client, endpoint: link.endpoint, was: before.state, is: link.state },
        link.findings[0]?.summary ?? "The link works",
      );
    }
    history().record({ endpoint: name, observation, links });
    state.observed(name, observation);
    for (const link of links) state.put(link);
    return changes;
  }
}

/** What another inventory changes: endpoints to be looked at at once, and those that are not what they were. */
async function compare(
  before: Inventory | null,
  next: Inventory,
): Promise<{ readonly atOnce: ReadonlySet<string>; readonly gone: readonly string[] }> {
  const atOnce = new Set<string>();
  const gone: string[] = [];
  for await (const group of inTurns(before?.endpoints ?? []))
    for (const [name, known] of group) {
      const present = next.endpoints.get(name);
      const isSame = present !== undefined && samePlace(known, present);
      if (!isSame) gone.push(name);
      if (present !== undefined && !(isSame && covers(known, present))) atOnce.add(name);
    }
  return { atOnce, gone };
}

/** Whether two looks gave the same but for times: else the next look confirms the change soon. */
function answersAlike({ handshakes: before }: Observation, { handshakes }: Observation): boolean {
  return (
    before.length === handshakes.length &&
    before.every(({ identity, handshake: a }, index) => {
      const { identity: other, handshake: b } = handshakes[index] ?? {};
      return (
        identity === other &&
        a.address === b?.address &&
        a.failure?.code === b.failure?.code &&
        a.version === b.version &&
        sameChain(a.certificates, b.certificates)
      );
    })
  );
}

/** Each conversation once, also where clients share it. */
function distinctHandshakes({ handshakes, own = [] }: Observation): ReadonlySet<Handshake> {
  return new Set([...handshakes, ...own].map(({ handshake }) => handshake));
}

/** Whether two versions of an endpoint are reached in the same way: what was seen of one holds for the other. */
function samePlace({ endpoint: a }: WatchedEndpoint, { endpoint: b }: WatchedEndpoint): boolean {
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

/** Whether the client's own certificate was shown in an observation; one that cannot be read never is. */
function isCovered({ identity }: LoadedClient, { handshakes }: Observation): boolean {
  if (identity !== null && !identity.ok) return true;
  const id = identity?.value.id ?? null;
  return handshakes.some((observed) => observed.identity === id);
}
