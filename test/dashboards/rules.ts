import { spawnSync } from "node:child_process";
import { basename } from "node:path";
import t from "tap";
import { METRICS, type MetricFamily } from "../../src/daemon/metric-catalogue.ts";
import { findingPages } from "../docs/markdown.ts";
import { requireTool } from "../tools.ts";
import { alerts, records, ruleFiles, testFiles, unitTests } from "./rule-files.ts";

t.test("The rules are what promtool takes", async (t) => {
  const promtool = requireTool(t, "promtool");
  if (promtool === undefined) return;
  const { status, stdout, stderr } = spawnSync(promtool, ["check", "rules", ...ruleFiles], {
    encoding: "utf8",
  });
  t.equal(status, 0, `${stdout}${stderr}`);
  t.equal(ruleFiles.length, 2);
});

for (const file of testFiles)
  t.test(`The rules do what ${basename(file)} expects`, async (t) => {
    const promtool = requireTool(t, "promtool");
    if (promtool === undefined) return;
    const { status, stdout, stderr } = spawnSync(promtool, ["test", "rules", file], {
      encoding: "utf8",
    });
    t.equal(status, 0, `${stdout}${stderr}`);
  });

t.test("Every alert is tested where it fires and where it does not", async (t) => {
  const expected = unitTests.flatMap(({ alert_rule_test }) => alert_rule_test);
  for (const name of new Set(alerts.map(({ alert }) => alert))) {
    const own = expected.filter(({ alertname }) => alertname === name);
    t.ok(
      own.some(({ exp_alerts }) => exp_alerts.length > 0),
      `${name} fires`,
    );
    t.ok(
      own.some(({ exp_alerts }) => exp_alerts.length === 0),
      `${name} does not fire`,
    );
  }
});

t.test("Every recording rule is tested", async (t) => {
  const queries = unitTests.flatMap(({ promql_expr_test }) => promql_expr_test);
  for (const { record } of records)
    t.ok(
      queries.some(({ expr }) => expr.includes(record)),
      record,
    );
});

t.test("Every alert leads to a page that exists", async (t) => {
  for (const { alert, annotations } of alerts) {
    const [, code = ""] = /#\/findings\/(.*)$/.exec(annotations.runbook_url) ?? [];
    if (code === "") t.match(annotations.runbook_url, /\}\}\/healthz$/, alert);
    else if (!code.includes("{{")) t.ok(findingPages.includes(code), `${alert}: ${code}`);
  }
});

t.test("The rules query metrics and labels that exist", async (t) => {
  const families = new Map<string, MetricFamily>(
    Object.values(METRICS).map((family) => [family.name, family]),
  );
  const recorded = new Set(records.map(({ record }) => record));
  for (const { expr } of [...alerts, ...records])
    for (const [, name = "", matchers = ""] of expr.matchAll(
      /\b((?:\w+:)?anchorwatch_\w+(?::\w+)?)\b(?:\{([^}]*)\})?/g,
    )) {
      if (recorded.has(name)) continue;
      const family = families.get(name.replace(/_bucket$/, ""));
      t.ok(family !== undefined, name);
      for (const [, label = ""] of matchers.matchAll(/(\w+)(?:=~?|!=)/g))
        t.ok(family?.labels.includes(label), `${name} has the label ${label}`);
    }
});
