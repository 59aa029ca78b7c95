import { spawnSync } from "node:child_process";
import t from "tap";
import { parse } from "yaml";
import { dashboardFiles } from "../../dashboards/grafana/dashboards.ts";
import { startDemo } from "../../src/cli/demo/demo.ts";
import { ENDPOINTS } from "../../src/cli/demo/cast.ts";
import { runDaemon } from "../../src/daemon/daemon.ts";
import { judgedLinks } from "../daemon/fixture.ts";
import { silent } from "../daemon/samples.ts";
import { findingPages, readPage } from "../docs/markdown.ts";
import { requireTool } from "../tools.ts";
import { firesAndResolves } from "./demo-fault.ts";
import { queriesOf, textOf } from "./dashboard-queries.ts";
import { answered, startPrometheus } from "./prometheus-server.ts";
import { alerts, records, RULES } from "./rule-files.ts";
import { filled, optionsOf, valuesOf } from "./variables.ts";

/** Queries that have no answer in the demo, and why that is right. */
const RIGHTLY_EMPTY: ReadonlyMap<string, string> = new Map([
  ["anchorwatch-certificates: New within a day, A", "nothing was watched a day ago"],
  ["anchorwatch-daemon: Problems of the watcher, A", "the demo's daemon has none"],
  ["anchorwatch-daemon: Messages, A", "the demo tells nobody"],
  ["anchorwatch-daemon: Messages, B", "the demo tells nobody"],
  ["anchorwatch-daemon: Quiet endpoints, A", "the demo's endpoints are never quiet"],
]);

/** The configuration that the guide shows, with the daemon, the rules and the pace of this test. */
function configuration(target: string): object {
  const shown = readPage("docs/dashboards.md").fences.find(
    ({ language, text }) => language === "yaml" && text.includes("rule_files"),
  );
  const text = (shown?.text ?? "")
    .replace("127.0.0.1:9643", target)
    .replace("/etc/prometheus/rules", RULES)
    .replace("scrape_interval: 30s", "scrape_interval: 1s")
    .replace("evaluation_interval: 30s", "evaluation_interval: 1s");
  return { ...(parse(text) as object), alerting: {} };
}

t.test("Prometheus with the demo's metrics", async (t) => {
  const program = requireTool(t, "prometheus");
  const promtool = requireTool(t, "promtool");
  if (program === undefined || promtool === undefined) return;
  const demo = await startDemo({ listen: "127.0.0.1:0", every: "2s" });
  t.teardown(() => demo.close());
  const started = await runDaemon({
    estateFile: demo.estateFile,
    log: silent,
    pageFolder: t.testdir({ "index.html": "" }),
  });
  if (!started.ok) throw new Error(started.error.message);
  const { url, close } = started.value;
  t.teardown(close);
  const links = await judgedLinks(url);
  const server = await startPrometheus(t, program, configuration(new URL(url).host));
  await answered(server, "count_over_time(anchorwatch_probes_total[60s]) > 6");
  await answered(server, "instance_phase:anchorwatch_handshake_duration_seconds:p95_5m > 0");

  await t.test("takes what the daemon offers", async (t) => {
    const input = await (await fetch(`${url}metrics`)).text();
    const { status, stdout, stderr } = spawnSync(promtool, ["check", "metrics"], {
      input,
      encoding: "utf8",
    });
    t.equal(`${stdout}${stderr}`, "");
    t.equal(status, 0);
    t.same(
      (await server.query("up")).map(({ value }) => value),
      [1],
    );
  });

  for (const { dashboard } of dashboardFiles())
    await t.test(`answers every query of ${dashboard.uid ?? ""}`, async (t) => {
      const choices =
        dashboard.uid === "anchorwatch-link"
          ? links.map(({ client, endpoint }) => new Map(Object.entries({ client, endpoint })))
          : [new Map<string, string>()];
      const found = new Map(queriesOf(dashboard).map(({ place }) => [place, 0]));
      for (const given of choices) {
        const values = await valuesOf(server, dashboard, {
          given,
          offered: (name, options) => t.ok(options.length > 0, `there is a choice of ${name}`),
        });
        for (const { place, expr, instant } of queriesOf(dashboard)) {
          const text = filled(expr, values);
          const answer = await (instant ? server.query(text) : server.queryRange(text));
          found.set(place, (found.get(place) ?? 0) + answer.length);
        }
      }
      for (const [place, count] of found) {
        const reason = RIGHTLY_EMPTY.get(place);
        if (reason === undefined) t.ok(count > 0, place);
        else t.equal(count, 0, `${place}: ${reason}`);
      }
    });

  await t.test("has an answer for every query that is said to be empty", async (t) => {
    const places = dashboardFiles().flatMap(({ dashboard }) => queriesOf(dashboard));
    for (const place of RIGHTLY_EMPTY.keys())
      t.ok(
        places.some((query) => query.place === place),
        place,
      );
  });

  await t.test("offers the endpoints of the chosen zone and label", async (t) => {
    const [file] = dashboardFiles();
    const variable = file?.dashboard.templating.list?.find(({ name }) => name === "endpoint");
    const offered = async (zone: string, label: string, value: string) => {
      const values = new Map(Object.entries({ zone, label, value, instance: ".*" }));
      const query = filled(variable === undefined ? "" : textOf(variable), values);
      return (await optionsOf(server, { query, regex: variable?.regex })).toSorted();
    };
    const having = (labels: Readonly<Record<string, string>>) =>
      Object.entries(ENDPOINTS)
        .filter(([, plan]) => {
          const own = new Map(Object.entries(plan.labels));
          return Object.entries(labels).every(([name, text]) => own.get(name) === text);
        })
        .map(([name]) => name)
        .toSorted();
    t.same(await offered(".*", ".*", ".*"), Object.keys(ENDPOINTS).toSorted());
    t.same(await offered("edge", ".*", ".*"), having({ zone: "edge" }));
    t.same(
      await offered("edge", "estate", "service-manager"),
      having({ zone: "edge", estate: "service-manager" }),
    );
    t.same(await offered("nowhere", ".*", ".*"), []);
  });

  await t.test("evaluates every rule", async (t) => {
    interface Rule {
      readonly name: string;
      readonly health: string;
      readonly lastError?: string;
    }
    const { groups } = (await server.get("rules")) as {
      readonly groups: readonly { readonly rules: readonly Rule[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    t.equal(rules.length, alerts.length + records.length);
    for (const { name, health, lastError } of rules) t.equal(health, "ok", lastError ?? name);
    for (const { record } of records) t.ok((await server.query(record)).length > 0, record);
    const pending = await server.query('ALERTS{alertname="AnchorwatchLinkBroken"}');
    t.same(
      pending.map(({ metric }) => `${metric["client"]} ${metric["endpoint"]}`).toSorted(),
      links
        .filter(({ ok }) => ok === false)
        .map(({ client, endpoint }) => `${client} ${endpoint}`)
        .toSorted(),
    );
    const { alerts: present } = (await server.get("alerts")) as {
      readonly alerts: readonly { readonly annotations: Readonly<Record<string, string>> }[];
    };
    t.ok(present.length >= pending.length);
    for (const { annotations } of present) {
      const { summary = "", page_url: pageUrl = "", runbook_url: runbookUrl = "" } = annotations;
      const [, code = ""] =
        /^https:\/\/watch\.example\.com\/#\/findings\/(.+)$/.exec(runbookUrl) ?? [];
      t.ok(findingPages.includes(code), `${summary}: ${runbookUrl}`);
      if (pageUrl !== "")
        t.match(pageUrl, /^https:\/\/watch\.example\.com\/#\/links\/[\w-]+\/[\w-]+$/);
    }
    t.same(await server.query('ALERTS{alertname=~"Anchorwatch(Absent|Down|Blind|Stalled)"}'), []);
  });

  await t.test("fires and resolves for a fault that comes and goes", (t) =>
    firesAndResolves(t, demo, new URL(url).host),
  );

  await t.test("understands every query that the user guide shows", async (t) => {
    const queries = readPage("docs/metrics.md").fences.filter(
      ({ language }) => language === "promql",
    );
    t.ok(queries.length > 0);
    for (const { text } of queries) await t.resolves(server.query(text), text);
  });
});
