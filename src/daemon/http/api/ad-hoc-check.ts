import { setImmediate } from "node:timers/promises";
import { assess } from "../../../diagnosis/assess.ts";
import type { AllowPattern } from "../../../estate/http/allow-pattern.ts";
import { judgeLink } from "../../../links/judge-link.ts";
import type { Endpoint } from "../../../probe/handshake.ts";
import { DIRECT } from "../../../probe/routes/route.ts";
import { fail, ok, type Result } from "../../../x509/result.ts";
import type { Clock } from "../../clock.ts";
import { FairSlots } from "../../fair-slots.ts";
import {
  distinctIdentities,
  type Inventory,
  type LoadedClient,
  type WatchedEndpoint,
} from "../../inventory.ts";
import type { LinkState } from "../../link-state.ts";
import { observe } from "../../observe.ts";
import type { Prober } from "../../prober.ts";
import { refusal, type Refusal } from "../problem.ts";
import { refuseAddress, refuseTarget } from "./ad-hoc-gate.ts";

/** Checks on request that go on at once. */
const MAX_RUNNING = 8;
/** Conversations of them in flight, and with one host. */
const SLOTS = { total: 16, perKey: 2 };
/** Links judged in one go. */
const JUDGE_BATCH = 20;
/** Milliseconds for one handshake with a target that the estate does not have. */
const TIMEOUT = 10_000;

/** What is to be checked: a target as a client would see it. */
export interface CheckRequest {
  readonly target: Endpoint;
  /** As it was written. */
  readonly text: string;
}

/** Checks endpoints of the estate, and targets that it allows, now and besides the schedule. */
export class AdHocCheck {
  readonly #prober: Prober;
  readonly #clock: Clock;
  readonly #inventory: () => Inventory;
  readonly #slots = new FairSlots(SLOTS);
  readonly #stopping = new AbortController();
  #running = 0;

  constructor(options: {
    readonly prober: Prober;
    readonly clock: Clock;
    readonly inventory: () => Inventory;
  }) {
    this.#prober = options.prober;
    this.#clock = options.clock;
    this.#inventory = options.inventory;
  }

  /** Ends every conversation. */
  close(): void {
    this.#slots.close();
    this.#stopping.abort();
  }

  /** Checks an endpoint of the estate as each of these clients. */
  async endpoint(
    watched: WatchedEndpoint,
    clients: readonly LoadedClient[],
  ): Promise<Result<readonly LinkState[], Refusal>> {
    return this.#check({ ...watched, clients, identities: distinctIdentities(clients) }, null);
  }

  /**
   * Checks a target that the estate allows. Its name is resolved once, every address must be allowed, and these
   * very addresses are dialled: a name that leads elsewhere a moment later leads nowhere. No redirect is followed.
   */
  async target(
    { target, text }: CheckRequest,
    client: LoadedClient,
  ): Promise<Result<readonly LinkState[], Refusal>> {
    const { allow } = this.#inventory().estate.http;
    const refused = refuseTarget(target, allow);
    if (refused !== null) return fail(refused);
    const watched: WatchedEndpoint = {
      endpoint: {
        name: text,
        url: text,
        system: null,
        target,
        serverName: null,
        connect: null,
        labels: {},
        every: TIMEOUT,
        timeout: TIMEOUT,
        phaseTimeout: null,
        route: { ...DIRECT, proxy: null },
        request: null,
        expect: { clientAuth: null },
      },
      clients: [client],
      route: ok(DIRECT),
      identities: distinctIdentities([client]),
    };
    return this.#check(watched, { allow, port: target.port });
  }

  async #check(
    watched: WatchedEndpoint,
    bounds: { readonly allow: readonly AllowPattern[]; readonly port: number } | null,
  ): Promise<Result<readonly LinkState[], Refusal>> {
    if (this.#running >= MAX_RUNNING || this.#stopping.signal.aborted)
      return fail(refusal("busy", "Too many checks go on already; ask again in a while"));
    this.#running++;
    try {
      let refused: Refusal | null = null;
      const prober: Prober = {
        probe: this.#prober.probe,
        findAddresses: async (...request) => {
          const found = await this.#prober.findAddresses(...request);
          if (!found.ok || bounds === null) return found;
          for (const address of found.value)
            refused ??= refuseAddress(address, bounds.port, bounds.allow);
          return refused === null ? found : fail({ code: "cancelled", message: "Refused" });
        },
      };
      const observation = await observe(watched, {
        prober,
        slots: this.#slots,
        clock: this.#clock,
        signal: this.#stopping.signal,
        started: () => {},
      });
      // the compiler does not see that the call above sets it
      const stop = refused as Refusal | null;
      if (stop !== null) return fail(stop);
      if (observation === null) return fail(refusal("busy", "The daemon is about to stop"));
      return ok(await this.#judged(watched, observation));
    } finally {
      this.#running--;
    }
  }

  async #judged(
    { endpoint, clients }: WatchedEndpoint,
    observation: Parameters<typeof judgeLink>[1],
  ): Promise<readonly LinkState[]> {
    const { estate, truststores } = this.#inventory();
    const at = this.#clock.wall();
    const links: LinkState[] = [];
    for (const client of clients) {
      const context = { assess, thresholds: estate.thresholds, truststores, at, endpoint };
      links.push({
        ...judgeLink(client, observation, context),
        client: client.party.name,
        endpoint: endpoint.name,
        profile: client.party.profile,
        url: endpoint.url,
        labels: endpoint.labels,
        checkedAt: observation.at,
        since: null,
      });
      if (links.length % JUDGE_BATCH === 0) await setImmediate();
    }
    return links;
  }
}
