import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import t from "tap";
import { UIDS } from "../../dashboards/grafana/addresses.ts";
import { dashboardFiles } from "../../dashboards/grafana/dashboards.ts";
import { METRICS, type MetricFamily } from "../../src/daemon/metric-catalogue.ts";
import { allPanels, queriesOf, textOf, variablesOf } from "./dashboard-queries.ts";

const files = dashboardFiles();

for (const { file, text } of files)
  t.test(`${basename(file.pathname)} is what the code makes`, async (t) => {
    t.equal(readFileSync(file, "utf8"), text, "made by scripts/generate-dashboards.ts");
  });

t.test("No dashboard is left over", async (t) => {
  const folder = new URL("../../dashboards/grafana/", import.meta.url);
  t.same(
    readdirSync(folder).filter((name) => name.endsWith(".json")),
    files.map(({ file }) => basename(fileURLToPath(file))).toSorted(),
  );
  t.same(
    files.map(({ dashboard }) => dashboard.uid ?? "").toSorted(),
    Object.values(UIDS).toSorted(),
  );
});

const overlaps = (a: Panel, b: Panel): boolean => {
  const [p, q] = [a.gridPos, b.gridPos];
  if (p === undefined || q === undefined) return true;
  return p.x < q.x + q.w && q.x < p.x + p.w && p.y < q.y + q.h && q.y < p.y + p.h;
};

/** Names of variables that a dashboard refers to; those with two underscores are Grafana's own. */
const referred = (dashboard: Dashboard): ReadonlySet<string> =>
  new Set([...JSON.stringify(dashboard).matchAll(/\$\{?([a-z]\w*)/g)].map(([, name = ""]) => name));

for (const { dashboard } of files)
  t.test(`${dashboard.uid ?? ""} can be read by people`, async (t) => {
    const panels = allPanels(dashboard);
    t.ok(panels.length >= 10);
    const ids = (dashboard.panels ?? []).map(({ id }) => id);
    t.equal(new Set(ids).size, ids.length, "every panel has a number of its own");
    for (const [index, panel] of panels.entries()) {
      t.ok((panel.title ?? "") !== "", "a panel has a title");
      t.ok((panel.description ?? "") !== "", `${panel.title} says what it shows`);
      t.same(panel.datasource, { type: "prometheus", uid: "${ds}" }, panel.title ?? "");
      const { x = 0, w = 25 } = panel.gridPos ?? {};
      t.ok(x + w <= 24, `${panel.title} is within the grid`);
      for (const other of panels.slice(index + 1))
        t.notOk(overlaps(panel, other), `${panel.title} leaves room for ${other.title}`);
    }
    const names = variablesOf(dashboard).map(({ name }) => name);
    for (const name of referred(dashboard)) t.ok(names.includes(name), `\${${name}} is a variable`);
    const { text } = files.find((file) => file.dashboard === dashboard) ?? { text: "" };
    for (const [, uid = ""] of text.matchAll(/"\/d\/([\w-]+)/g))
      t.ok(
        Object.values(UIDS).some((known) => known === uid),
        `${uid} is a dashboard`,
      );
  });

t.test(
  "The dashboards choose by client, endpoint, zone and label, and lead to the live page",
  async (t) => {
    const text = files.map((file) => file.text).join("");
    const names = new Set(
      files.flatMap(({ dashboard }) => variablesOf(dashboard).map(({ name }) => name)),
    );
    for (const name of ["client", "endpoint", "zone", "label", "value", "instance", "ds", "page"])
      t.ok(names.has(name), name);
    t.match(
      text,
      "${page:raw}/#/links/${__data.fields.client:percentencode}/${__data.fields.endpoint:percentencode}",
    );
    t.match(text, "${page:raw}/#/findings/${__data.fields.code:percentencode}");
  },
);

t.test("Fields that links of a table take names from are columns of it", async (t) => {
  for (const { dashboard } of files)
    for (const panel of allPanels(dashboard).filter(({ type }) => type === "table")) {
      const columns = JSON.stringify(panel.transformations);
      for (const [, field = ""] of JSON.stringify(panel.fieldConfig?.defaults.links ?? []).matchAll(
        /__data\.fields\.(\w+)/g,
      ))
        t.match(columns, `"${field}"`, `${dashboard.uid}, ${panel.title}`);
    }
});

t.test("The dashboards query metrics and labels that exist", async (t) => {
  const families = new Map<string, MetricFamily>(
    Object.values(METRICS).map((family) => [family.name, family]),
  );
  // `unset` is a label that no series has, see dashboards/grafana/variables.ts
  const common = ["instance", "unset"];
  for (const { dashboard } of files)
    for (const expr of [
      ...queriesOf(dashboard).map((query) => query.expr),
      ...variablesOf(dashboard).map(textOf),
    ])
      for (const [, name = "", matchers = ""] of expr.matchAll(
        /\b(anchorwatch_\w+)(?:\{([^}]*)\})?/g,
      )) {
        const family = families.get(name.replace(/_bucket$/, ""));
        t.ok(family !== undefined, name);
        for (const [, label = ""] of matchers.matchAll(/(\w+)(?:=~?|!=)"/g))
          t.ok([...common, ...(family?.labels ?? [])].includes(label), `${name} has ${label}`);
      }
});
