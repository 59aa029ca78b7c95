import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import t, { type Test } from "tap";
import { parse } from "yaml";
import * as z from "zod";
import { dashboardFiles } from "../../dashboards/grafana/dashboards.ts";
import { readPage, section, tableRows } from "../docs/markdown.ts";
import { requireTool, type Tool } from "../tools.ts";
import { alerts, ruleFiles } from "./rule-files.ts";

const page = readPage("docs/dashboards.md");

const examples = (having: string): readonly string[] =>
  page.fences
    .filter(({ language, text }) => language === "yaml" && text.includes(having))
    .map(({ text }) => text);

/** Gives examples to the program that is meant to read them. */
function checked(
  t: Test,
  tool: Tool,
  { args, texts }: { readonly args: readonly string[]; readonly texts: readonly string[] },
): void {
  const program = requireTool(t, tool);
  if (program === undefined) return;
  t.ok(texts.length > 0);
  const file = join(t.testdir(), "example.yml");
  for (const text of texts) {
    writeFileSync(file, text);
    const outcome: SpawnSyncReturns<string> = spawnSync(program, [...args, file], {
      encoding: "utf8",
    });
    t.equal(outcome.status, 0, `${outcome.stdout}${outcome.stderr}`);
  }
}

t.test("docs/dashboards.md shows configurations that Prometheus takes", async (t) => {
  const texts = examples("scrape_configs");
  t.equal(texts.length, 2);
  checked(t, "promtool", { args: ["check", "config", "--syntax-only"], texts });
});

t.test("docs/dashboards.md shows a configuration that Alertmanager takes", async (t) => {
  checked(t, "amtool", { args: ["check-config"], texts: examples("inhibit_rules") });
});

t.test("docs/dashboards.md silences alerts that exist, and by labels that they have", async (t) => {
  const Inhibitions = z.looseObject({
    inhibit_rules: z.array(
      z.strictObject({
        source_matchers: z.array(z.string()),
        target_matchers: z.array(z.string()),
        equal: z.array(z.string()),
      }),
    ),
  });
  const names = alerts.map(({ alert }) => alert);
  for (const text of examples("inhibit_rules"))
    for (const rule of Inhibitions.parse(parse(text)).inhibit_rules)
      for (const matcher of [...rule.source_matchers, ...rule.target_matchers]) {
        const [, label = "", value = ""] = /^(\w+) =~? "(.*)"$/.exec(matcher) ?? [];
        const known = label === "alertname" ? names : ["critical", "warning", "info"];
        t.ok(
          known.some((each) => new RegExp(`^(?:${value})$`).test(each)),
          matcher,
        );
      }
});

t.test("docs/dashboards.md explains every alert with its severities", async (t) => {
  const severities = new Map<string, string[]>();
  for (const { alert, labels } of alerts)
    severities.set(alert, [...(severities.get(alert) ?? []), labels.severity]);
  t.same(
    tableRows(section(page, "Alerts")).map(([name, severity]) => [name, severity]),
    [...severities].map(([name, all]) => [`\`${name}\``, all.join(", ")]),
  );
});

t.test("docs/dashboards.md names every dashboard and every file", async (t) => {
  t.same(
    tableRows(section(page, "Grafana")).map(([name]) => name),
    dashboardFiles().map(({ dashboard }) => dashboard.title),
  );
  for (const file of ruleFiles) t.match(page.text, basename(file));
});

t.test("docs/dashboards.md provisions Grafana with what it reads", async (t) => {
  const Provider = z.strictObject({
    apiVersion: z.literal(1),
    providers: z.array(
      z.strictObject({
        name: z.string(),
        folder: z.string(),
        type: z.literal("file"),
        allowUiUpdates: z.boolean(),
        options: z.strictObject({ path: z.string() }),
      }),
    ),
  });
  const [text = ""] = examples("providers:");
  const { providers } = Provider.parse(parse(text));
  for (const { options } of providers)
    t.ok(
      page.fences.some(
        (fence) => fence.language === "sh" && fence.text.includes(`${options.path}/`),
      ),
      "the files are installed there",
    );
});
