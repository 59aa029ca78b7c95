import { Document, isMap, isScalar, visit } from "yaml";
import { CLIENTS, ENDPOINT_NAMES, ENDPOINTS, LINKS, TRUSTSTORES } from "./cast.ts";
import type { ClientPlan, EndpointName, EndpointPlan, StorePlan } from "./plans.ts";
import { passwordPath } from "./stores.ts";

/** What the estate file takes from this start of the demo. */
export interface EstateSettings {
  /** Loopback port of each endpoint's server. */
  readonly ports: ReadonlyMap<EndpointName, number>;
  /** Address of the daemon's page and metrics. */
  readonly listen: string;
  /** Interval between two probes of an endpoint, e.g. `15s`. */
  readonly every: string;
}

const HEADER = ` The demo's estate. Its servers are local and its certificates were made when it started;
 change this file while the daemon runs, and it follows.`;

function truststore(files: readonly StorePlan[]): object {
  const [first] = files;
  if (first === undefined) throw new Error("A truststore of the demo has no file");
  const password = passwordPath(first);
  return {
    path: files.length === 1 ? first.path : files.map(({ path }) => path),
    ...(password === undefined ? {} : { password: { file: password } }),
  };
}

function client({ profile, trust, nameCheck, identity }: ClientPlan): object {
  return {
    profile,
    trust,
    nameCheck,
    ...(identity === undefined ? {} : { identity: { cert: identity.cert, key: identity.key } }),
  };
}

function endpoint(plan: EndpointPlan, port: number | undefined): object {
  if (port === undefined) throw new Error(`No server was started for ${plan.url}`);
  return {
    url: plan.url,
    connect: `127.0.0.1:${port}`,
    ...(plan.clientAuthorities === undefined ? {} : { expect: { clientAuth: "required" } }),
    labels: plan.labels,
  };
}

function mapValues<Value>(
  record: Readonly<Record<string, Value>>,
  convert: (value: Value) => object,
): object {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, convert(value)]));
}

/** The text of `anchorwatch.yaml`: a section per kind, a line per entry. */
export function estateText(settings: EstateSettings): string {
  const document = new Document(
    {
      version: 1,
      truststores: mapValues(TRUSTSTORES, truststore),
      clients: mapValues(CLIENTS, client),
      endpoints: Object.fromEntries(
        ENDPOINT_NAMES.map((name) => [name, endpoint(ENDPOINTS[name], settings.ports.get(name))]),
      ),
      links: LINKS,
      schedule: { every: settings.every, timeout: "5s", concurrency: 16, perHost: 8 },
      thresholds: { warning: "30d", critical: "7d" },
      history: { path: "history.db", keep: "1d" },
      http: { listen: settings.listen },
    },
    { aliasDuplicateObjects: false },
  );
  document.commentBefore = HEADER;
  visit(document, {
    Pair: (_key, pair, ancestors) => {
      const section = ancestors.length === 2;
      if (section && isScalar(pair.key) && pair.key.value !== "version")
        pair.key.spaceBefore = true;
    },
    Map: (_key, map, ancestors) => {
      const parents = ancestors.filter(isMap).length;
      const inSettings = parents === 1 && !map.items.some(({ value }) => isMap(value));
      if (parents >= 2 || inSettings) map.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}
