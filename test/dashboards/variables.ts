import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { textOf, variablesOf } from "./dashboard-queries.ts";
import type { PrometheusServer } from "./prometheus-server.ts";

/** What the variables of a dashboard stand for, by their names. */
export type Values = ReadonlyMap<string, string>;

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\\$&`);

/** What Grafana puts in the place of a choice of several. */
export const choice = (values: readonly string[]): string =>
  values.length === 1 ? escaped(values[0] ?? "") : `(${values.map(escaped).join("|")})`;

/** A text with its variables replaced, Grafana's own for a short time among them. */
export const filled = (text: string, values: Values): string =>
  text
    .replaceAll("$__rate_interval", "20s")
    .replaceAll("$__range", "60s")
    .replaceAll(/\$(\w+)/g, (whole, name: string) => values.get(name) ?? whole);

/** The options of a query variable: `label_values(selector, label)` or `query_result(expression)` with its regex. */
export async function optionsOf(
  server: PrometheusServer,
  { query, regex }: { readonly query: string; readonly regex: string | undefined },
): Promise<readonly string[]> {
  const [, selector = "", label] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
  if (label !== undefined) {
    const path = `label/${label}/values?match[]=${encodeURIComponent(selector)}`;
    return (await server.get(path)) as readonly string[];
  }
  const [, expr] = /^query_result\((.+)\)$/.exec(query) ?? [];
  if (expr === undefined) throw new Error(`Grafana knows no such query of a variable: ${query}`);
  const [, pattern = "(.*)"] = /^\/(.*)\/$/.exec(regex ?? "") ?? [];
  return (await server.query(expr)).flatMap(({ metric, value }) => {
    const labels = Object.entries(metric).map(([name, text]) => `${name}="${text}"`);
    const [, found] =
      new RegExp(pattern).exec(`{${labels.join(",")}} ${value} ${Date.now()}`) ?? [];
    return found === undefined ? [] : [found];
  });
}

/**
 * The values of a dashboard's variables: those given, all options where All is the first choice, else the first
 * option. `offered` is called with the options of every variable that asks Prometheus.
 */
export async function valuesOf(
  server: PrometheusServer,
  dashboard: Dashboard,
  {
    given = new Map(),
    offered = () => undefined,
  }: {
    readonly given?: Values;
    readonly offered?: (name: string, options: readonly string[]) => void;
  } = {},
): Promise<Values> {
  const values = new Map<string, string>();
  for (const variable of variablesOf(dashboard)) {
    const { type, name, regex, includeAll, allValue } = variable;
    const wanted = given.get(name);
    if (type !== "query") values.set(name, wanted ?? textOf(variable));
    else {
      const options = await optionsOf(server, { query: filled(textOf(variable), values), regex });
      offered(name, options);
      values.set(
        name,
        wanted ?? (includeAll === true ? (allValue ?? choice(options)) : (options[0] ?? "")),
      );
    }
  }
  return values;
}
