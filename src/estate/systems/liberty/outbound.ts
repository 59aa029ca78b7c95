import { byDefault, type Origin, type Place, placeOf, type Sourced } from "../origin.ts";
import type { ServerConfig } from "./server-config.ts";
import { DEFAULT_SSL, type OutboundFilter, type SslConfig } from "./ssl-configs.ts";

/** Which SSL configuration dials a host, and why. */
export interface OutboundChoice {
  readonly ssl: SslConfig;
  readonly filter: OutboundFilter | null;
  readonly origin: Origin;
}

/** Chooses SSL configurations as Liberty does for outbound connections. */
export interface OutboundChooser {
  /** @param host as dialled */
  readonly choose: (host: string, port: number, ref: Sourced<string> | null) => OutboundChoice;
  /** What dials where no filter fits. */
  readonly main: OutboundChoice;
  /** Filters that chose nothing so far. */
  readonly unused: () => readonly (readonly [SslConfig, OutboundFilter])[];
}

/** Features without which outbound filters have no effect. */
const FILTER_FEATURE = /^transportsecurity-/i;

/**
 * Order of Liberty: a configuration that the element itself names; filters with host and port, exact hosts first, then
 * the longest suffix; filters with a host alone, the same way; outboundSSLRef; sslRef; the default.
 */
export function outboundChooser(
  configs: ReadonlyMap<string, SslConfig>,
  config: ServerConfig,
): OutboundChooser {
  const main = mainChoice(configs, config);
  const filters = distinctFilters(configs, config);
  const active = filtersAct(config);
  if (!active && filters.length > 0)
    config.builder.issue({
      code: "estate.filter-unmatched",
      severity: "warning",
      summary: "Outbound filters have no effect without the feature transportSecurity-1.0",
      place: filters[0]?.[1].place ?? null,
      remedy: ["Add <feature>transportSecurity-1.0</feature> to <featureManager>"],
    });
  const used = new Set<OutboundFilter>();
  const ordered = filters.toSorted(([, a], [, b]) => rankOf(b) - rankOf(a));
  return {
    main,
    unused: () => (active ? filters.filter(([, filter]) => !used.has(filter)) : []),
    choose: (host, port, ref) => {
      const named = ref === null ? null : (configs.get(ref.value) ?? null);
      if (ref !== null && named !== null) return { ssl: named, filter: null, origin: ref.origin };
      if (ref !== null)
        config.builder.note(`No <ssl> has the id ${ref.value}; the default is taken`, placeOf(ref));
      const found = active
        ? ordered.find(([, filter]) => matches(filter, host.toLowerCase(), port))
        : undefined;
      if (found === undefined) return main;
      const [ssl, filter] = found;
      used.add(filter);
      const rule = `outbound filter ${filter.host}:${filter.port ?? "*"} of <ssl id="${ssl.id}">`;
      return { ssl, filter, origin: { kind: "derived", rule, places: [filter.place] } };
    },
  };
}

function mainChoice(configs: ReadonlyMap<string, SslConfig>, config: ServerConfig): OutboundChoice {
  const element = config.single("sslDefault");
  const ref =
    (element === null
      ? null
      : (config.text(element, "outboundSSLRef") ?? config.text(element, "sslRef"))) ??
    byDefault(DEFAULT_SSL, `sslRef is ${DEFAULT_SSL}`, element?.place ?? null);
  const ssl = configs.get(ref.value) ?? configs.get(DEFAULT_SSL);
  if (ssl === undefined) throw new TypeError("The default SSL configuration was not added");
  if (!configs.has(ref.value))
    config.builder.note(`No <ssl> has the id ${ref.value}; the default is taken`, placeOf(ref));
  return { ssl, filter: null, origin: ref.origin };
}

function filtersAct(config: ServerConfig): boolean {
  const features = featuresOf(config);
  return (
    features.length === 0 ||
    features.some((feature) => FILTER_FEATURE.test(feature)) ||
    !features.some((feature) => /^(?:ssl-|ibmPfs:)/i.test(feature))
  );
}

/** Features that a server switches on, as written. */
export function featuresOf(config: ServerConfig): readonly string[] {
  const children = config.single("featureManager")?.children ?? [];
  return children.flatMap(({ local, text }) => (local === "feature" ? [text] : []));
}

/** Of equal filters the first is kept (CWPKI0815W); one for everything clashes with outboundSSLRef (CWPKI0816W). */
function distinctFilters(
  configs: ReadonlyMap<string, SslConfig>,
  config: ServerConfig,
): readonly (readonly [SslConfig, OutboundFilter])[] {
  const kept = new Map<string, readonly [SslConfig, OutboundFilter]>();
  const defaults = config.single("sslDefault");
  const hasOutbound = defaults !== null && config.has(defaults, "outboundSSLRef");
  for (const ssl of configs.values())
    for (const filter of ssl.filters) {
      const key = `${filter.host}:${filter.port ?? "*"}`;
      const earlier = kept.get(key);
      if (earlier !== undefined) {
        conflict(
          config,
          filter.place,
          `Two outbound filters are for ${key}; Liberty keeps the one of <ssl id="${earlier[0].id}"> (CWPKI0815W)`,
        );
        continue;
      }
      if (filter.host === "*" && filter.port === null && hasOutbound)
        conflict(
          config,
          filter.place,
          `The outbound filter for every host of <ssl id="${ssl.id}"> clashes with outboundSSLRef (CWPKI0816W)`,
        );
      kept.set(key, [ssl, filter]);
    }
  return [...kept.values()];
}

function conflict(config: ServerConfig, place: Place, summary: string): void {
  config.builder.issue({
    code: "estate.filter-conflict",
    severity: "warning",
    summary,
    place,
    remedy: ["Keep one of the two, so that the configuration says what is meant"],
  });
}

/** With a port before without, exact hosts before suffixes, longer suffixes before shorter ones. */
const rankOf = ({ host, port }: OutboundFilter): number =>
  (port === null ? 0 : 100_000) + (host.startsWith("*") ? host.length : 10_000);

function matches(filter: OutboundFilter, host: string, port: number): boolean {
  if (filter.port !== null && filter.port !== port) return false;
  if (filter.host === "*") return true;
  return filter.host.startsWith("*") ? host.endsWith(filter.host.slice(1)) : host === filter.host;
}
