import { DIRECT } from "../../src/probe/routes/route.ts";
import { request } from "node:http";
import type { Test } from "tap";
import type { Estate, EstateEndpoint } from "../../src/estate/estate.ts";
import { systemClock } from "../../src/daemon/clock.ts";
import { Health } from "../../src/daemon/health.ts";
import type { HttpAccess } from "../../src/daemon/http/access/access.ts";
import { AdHocCheck } from "../../src/daemon/http/api/ad-hoc-check.ts";
import type { ApiSources } from "../../src/daemon/http/api/sources.ts";
import { BlackboxProbes } from "../../src/daemon/http/blackbox-probes.ts";
import type { HttpLimits } from "../../src/daemon/http/limits.ts";
import {
  type HttpServer,
  type HttpSources,
  startHttpServer,
} from "../../src/daemon/http/server.ts";
import type { Inventory } from "../../src/daemon/inventory.ts";
import { type FeedLimits, LiveFeed } from "../../src/daemon/http/live-feed.ts";
import { OwnMetrics } from "../../src/daemon/own-metrics.ts";
import { State } from "../../src/daemon/state.ts";
import type { PageFile } from "../../src/daemon/http/static-page.ts";
import { silent, untroubled } from "./samples.ts";

const endpoint: EstateEndpoint = {
  name: "bpm-east",
  url: "https://bpm.example.com:9443",
  system: null,
  target: { scheme: "https", host: "bpm.example.com", port: 9443 },
  serverName: null,
  connect: null,
  labels: {},
  every: 60_000,
  timeout: 1000,
  phaseTimeout: null,
  route: { ...DIRECT, proxy: null },
  request: null,
  expect: { clientAuth: null },
};

/** An inventory with one endpoint and the given clients, all of them linked to it. */
export const sampleInventory = (clients: readonly string[] = ["pfs"]): Inventory => ({
  estate: {
    http: { allow: [] },
    imports: [],
    truststores: [],
    clients: clients.map((name) => ({
      name,
      profile: "openjdk-17",
      truststores: [],
      nameCheck: "https",
      identity: null,
    })),
    links: clients.map((client) => ({ client, endpoint: endpoint.name })),
  } as unknown as Estate,
  truststores: [],
  clients: new Map(),
  endpoints: new Map([
    [
      endpoint.name,
      { endpoint, clients: [], route: { ok: true, value: DIRECT }, identities: [null] },
    ],
  ]),
  problems: [],
});

/** What the API shows of a state, with nothing in the history and no way to the network. */
export const apiSources = (state: State): ApiSources & Pick<HttpSources, "log" | "probes"> => ({
  clock: systemClock,
  log: silent,
  state,
  inventory: () => sampleInventory(),
  observations: () => new Map(),
  truststores: () => [],
  alerts: () => [],
  readHistory: () => undefined,
  checks: new AdHocCheck({
    prober: { findAddresses: unreachable, probe: unreachable },
    clock: systemClock,
    inventory: () => sampleInventory(),
  }),
  probes: new BlackboxProbes({
    prober: { findAddresses: unreachable, probe: unreachable },
    clock: systemClock,
    inventory: () => sampleInventory(),
  }),
  reload: async () => true,
});

const unreachable = (): never => {
  throw new Error("This test reaches no network");
};

/** A server that shows one pending link. */
export const startServer = async (
  t: Test,
  options: {
    readonly page?: ReadonlyMap<string, PageFile>;
    readonly limits?: FeedLimits;
    readonly http?: Partial<HttpLimits>;
    readonly access?: HttpAccess;
    readonly sources?: Partial<HttpSources>;
  } = {},
): Promise<{
  readonly server: HttpServer;
  readonly state: State;
  readonly health: Health;
  readonly feed: LiveFeed;
}> => {
  const state = new State(new Map());
  state.adopt(sampleInventory());
  const health = new Health(systemClock, silent);
  const feed = new LiveFeed(state, systemClock, () => [], options.limits);
  const sources = apiSources(state);
  const started = await startHttpServer(
    {
      ...sources,
      health,
      feed,
      metrics: new OwnMetrics({
        scheduler: () => ({ due: 0, lag: 0 }),
        inFlight: () => 0,
        alerts: () => [],
        self: untroubled,
      }),
      page: options.page ?? new Map(),
      ...options.sources,
    },
    {
      listen: { host: "127.0.0.1", port: 0 },
      ...(options.access === undefined ? {} : { access: options.access }),
      ...(options.http === undefined ? {} : { limits: options.http }),
    },
  );
  if (!started.ok) throw new Error(started.error);
  t.teardown(async () => {
    feed.close();
    await started.value.close();
  });
  return { server: started.value, state, health, feed };
};

/** An answer of the server, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Asks with headers that browsers and fetch would not let one set. */
export const ask = (
  url: string,
  path: string,
  options: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const call = request({ host: hostname, port, path, agent: false, ...options }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString(),
        }),
      );
    });
    call.on("error", reject);
    call.end();
  });
