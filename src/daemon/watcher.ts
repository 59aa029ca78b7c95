import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { assess } from "../diagnosis/assess.ts";
import type { Clock } from "./clock.ts";
import { EndpointPast, REMEMBERED_ANSWERS, sameChain } from "./endpoint-past.ts";
import { FairSlots } from "./fair-slots.ts";
import type { History } from "./history.ts";
import type { Inventory, LoadedClient, WatchedEndpoint } from "./inventory.ts";
import { withKeptOctets } from "./kept-octets.ts";
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
import { TurnBudget } from "./turns.ts";
import { compareInventories, isSamePlace } from "./compare-inventories.ts";

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

/** Looks at every endpoint of an inventory in turn, judges what it sees and passes it on. */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #slots: FairSlots;
  readonly #scheduler: Scheduler;
  readonly #stopping = new AbortController();
  readonly #observations = new Map<string, Observation>();
  readonly #past = new EndpointPast();
  readonly #turn: TurnBudget;
  readonly #sight: NetworkSight;
  /** Tells the looks of this run from those of others in the log. */
  readonly #runId = randomBytes(4).toString("hex");
  #looks = 0;
  #inventory: Inventory | null = null;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#turn = new TurnBudget(options.clock);
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
   * Watches another inventory. What was seen of an endpoint is judged anew where a client might judge otherwise now;
   * an endpoint that is another one is looked at at once.
   * @param adopted called when links and endpoints become those of the inventory
   */
  async adopt(inventory: Inventory, adopted: () => void = () => {}): Promise<void> {
    const { atOnce, gone, affected } = await compareInventories(this.#inventory, inventory);
    const { state } = this.#options;
    const { schedule } = inventory.estate;
    this.#slots.setLimits({ total: schedule.concurrency, perKey: schedule.perHost });
    for (const name of gone) {
      this.#observations.delete(name);
      this.#past.forget(name);
    }
    state.forget(gone);
    await state.adoptInTurns(inventory);
    this.#inventory = inventory;
    adopted();
    this.#sight.adopt(inventory.endpoints.keys());
    await this.#scheduler.replaceInTurns(
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
    await this.#judgeAnew(affected, inventory);
  }

  /** Ends every conversation and begins no further one. */
  stop(): void {
    this.#scheduler.stop();
    this.#slots.close();
    this.#sight.close();
    this.#stopping.abort();
  }

  async #judgeAnew(names: ReadonlySet<string>, inventory: Inventory): Promise<void> {
    for (const name of names) {
      await this.#turn.take();
      if (this.#inventory !== inventory || this.#stopping.signal.aborted) return;
      const observation = this.#observations.get(name);
      if (observation !== undefined) this.#judge(name, observation, inventory, null);
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
    const seen = await observe(watched, {
      prober,
      slots: this.#slots,
      signal: this.#stopping.signal,
      started,
      clock,
    });
    // many answers may have come at once
    await this.#turn.take();
    const inventory = this.#inventory;
    const present = inventory?.endpoints.get(name);
    if (seen === null || inventory === null || present === undefined) return "settled";
    // a reload came in between
    if (!isSamePlace(watched, present)) return "settled";
    // given up though the daemon goes on: nobody knows what the server would have said
    if (seen.handshakes.some(({ handshake }) => handshake.failure?.code === "cancelled"))
      return "unsettled";
    const before = this.#observations.get(name);
    const observation = withKeptOctets(seen, before);
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

/** Whether the client's own certificate was shown in an observation; one that cannot be read never is. */
function isCovered({ identity }: LoadedClient, { handshakes }: Observation): boolean {
  if (identity !== null && !identity.ok) return true;
  const id = identity?.value.id ?? null;
  return handshakes.some((observed) => observed.identity === id);
}
