import type { RelyingParty } from "../../diagnosis/assessment.ts";
import type { Endpoint } from "../../probe/handshake.ts";
import { systemStore } from "../../truststore/system-store.ts";
import { fail, ok, type Result } from "../../x509/result.ts";
import { answerProbe, type ProbeContext, type ProbeWay } from "../blackbox/answer-probe.ts";
import { type ProbeRequest, USUAL_MODULE } from "../blackbox/probe-request.ts";
import type { Clock } from "../clock.ts";
import { FairSlots } from "../fair-slots.ts";
import type { Inventory, LoadedClient, WatchedEndpoint } from "../inventory.ts";
import type { Prober } from "../prober.ts";
import { refuseAddress, refuseTarget } from "./api/ad-hoc-gate.ts";
import { refusal, type Refusal } from "./problem.ts";

/** Probes in flight, and with one host; the others wait for their turn. */
const SLOTS = { total: 64, perKey: 4 };

/** Probes that wait. */
const MAX_WAITING = 1000;

/** What `/probe` does: one probe as the client of a module, inside the estate and what it allows. */
export class BlackboxProbes {
  readonly #prober: Prober;
  readonly #clock: Clock;
  readonly #inventory: () => Inventory;
  readonly #slots = new FairSlots(SLOTS);
  readonly #stopping = new AbortController();
  #pending = 0;
  /** Read when it is first needed; the anchors of the system change with its packages, not by the minute. */
  #usual: RelyingParty | null = null;

  constructor(options: {
    readonly prober: Prober;
    readonly clock: Clock;
    readonly inventory: () => Inventory;
  }) {
    this.#prober = options.prober;
    this.#clock = options.clock;
    this.#inventory = options.inventory;
  }

  /** Ends every probe. */
  close(): void {
    this.#slots.close();
    this.#stopping.abort();
  }

  /**
   * Probes and answers in the text format.
   * @param gone aborts when nobody waits for the answer any more
   */
  async probe(request: ProbeRequest, gone: AbortSignal): Promise<Result<string, Refusal>> {
    const inventory = this.#inventory();
    const client = this.#clientOf(request.module, inventory);
    if (!client.ok) return client;
    const { allow } = inventory.estate.http;
    const { host, port } = request.endpoint;
    const known = knownEndpoint(inventory, request.endpoint);
    const refused = known === null ? refuseTarget({ host, port }, allow) : null;
    if (refused !== null) return fail(refused);
    const way = known === null ? ok(null) : wayTo(known);
    if (!way.ok) return fail(refusal("not-ready", way.error));
    if (this.#pending >= SLOTS.total + MAX_WAITING)
      return fail(refusal("busy", "Too many probes wait already; ask again in a while"));
    const context: Omit<ProbeContext, "signal"> = {
      ...client.value,
      prober: this.#prober,
      clock: this.#clock,
      mayDial: (address) => known !== null || refuseAddress(address, port, allow) === null,
      way: way.value,
    };
    const endpoint = known?.endpoint.target ?? request.endpoint;
    return this.#inTurn({ ...request, endpoint }, context, gone);
  }

  async #inTurn(
    request: ProbeRequest,
    context: Omit<ProbeContext, "signal">,
    gone: AbortSignal,
  ): Promise<Result<string, Refusal>> {
    const begun = this.#clock.monotonic();
    this.#pending++;
    try {
      const text = await this.#slots.run(request.endpoint.host, () => {
        const waited = this.#clock.monotonic() - begun;
        const timeout = Math.max(1, request.timeout - waited);
        const signal = AbortSignal.any([gone, this.#stopping.signal]);
        return answerProbe({ ...request, timeout }, { ...context, signal });
      });
      return text === null ? fail(refusal("busy", "The daemon is about to stop")) : ok(text);
    } finally {
      this.#pending--;
    }
  }

  #clientOf(
    module: string,
    { clients }: Inventory,
  ): Result<Pick<ProbeContext, "party" | "keyring">, Refusal> {
    const client = clients.get(module);
    if (client !== undefined) return ok({ party: client.party, keyring: keyringOf(client) });
    if (module !== USUAL_MODULE)
      return fail(refusal("invalid-request", `module: The estate has no client ${quoted(module)}`));
    this.#usual ??= {
      name: USUAL_MODULE,
      profile: "go",
      truststores: [{ name: "the operating system's store", store: systemStore() }],
      nameCheck: "https",
      ownChain: null,
    };
    return ok({ party: this.#usual, keyring: null });
  }
}

const wayTo = ({ endpoint, route }: WatchedEndpoint): Result<ProbeWay, string> => {
  const { connect, serverName } = endpoint;
  return route.ok ? ok({ route: route.value, connect, serverName }) : route;
};

const keyringOf = ({ identity }: LoadedClient): ProbeContext["keyring"] =>
  identity?.ok === true ? identity.value.keyring : null;

const quoted = (text: string): string => JSON.stringify(text.slice(0, 100));

/** Endpoints of inventories by where they are: a scrape asks for each of them in turn. */
const PLACES = new WeakMap<Inventory, ReadonlyMap<string, readonly WatchedEndpoint[]>>();

const placeOf = ({ host, port }: Endpoint): string => `${host.toLowerCase()} ${port}`;

function placesOf(inventory: Inventory): ReadonlyMap<string, readonly WatchedEndpoint[]> {
  let places = PLACES.get(inventory);
  if (places === undefined) {
    places = Map.groupBy(inventory.endpoints.values(), ({ endpoint }) => placeOf(endpoint.target));
    PLACES.set(inventory, places);
  }
  return places;
}

/** The endpoint of the estate at a place: of the same protocol if there is one, else what the estate says is there. */
function knownEndpoint(inventory: Inventory, asked: Endpoint): WatchedEndpoint | null {
  const there = placesOf(inventory).get(placeOf(asked)) ?? [];
  return there.find(({ endpoint }) => endpoint.target.scheme === asked.scheme) ?? there[0] ?? null;
}
