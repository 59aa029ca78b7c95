import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Test } from "tap";
import type { Demo } from "../../src/cli/demo/demo.ts";
import { startAlertmanager, startPager } from "../daemon/notify/alertmanager-process.ts";
import { eventually } from "../daemon/fixture.ts";
import { freePort } from "../lab/process.ts";
import { requireTool } from "../tools.ts";
import { startPrometheus } from "./prometheus-server.ts";
import { ruleFiles } from "./rule-files.ts";

/** The rules with the patience of a test; nothing else in them differs. */
const quickRules = (folder: string): string => {
  for (const file of ruleFiles) {
    const copy = join(folder, basename(file));
    copyFileSync(file, copy);
    const text = readFileSync(copy, "utf8");
    writeFileSync(copy, text.replaceAll(/^( +(?:for|keep_firing_for)): \d+m$/gm, "$1: 1s"));
  }
  return join(folder, "anchorwatch.*.yml");
};

/**
 * The rules in Prometheus itself, with Alertmanager behind it: a fault of the demo fires once, is passed on, and
 * resolves when it is mended.
 */
export const firesAndResolves = async (t: Test, demo: Demo, target: string): Promise<void> => {
  const [program, manager] = [requireTool(t, "prometheus"), requireTool(t, "alertmanager")];
  if (program === undefined || manager === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "anchorwatch-rules-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const pager = await startPager(t);
  const port = await freePort();
  const { alerts } = await startAlertmanager(t, manager, { folder, port, pagerPort: pager.port });
  const server = await startPrometheus(t, program, {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: [quickRules(folder)],
    scrape_configs: [{ job_name: "anchorwatch", static_configs: [{ targets: [target] }] }],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${port}`] }] }] },
  });
  const about = 'client="pfs",endpoint="federation-index"';
  const firing = () => server.query(`ALERTS{alertstate="firing",severity="critical",${about}}`);
  const passedOn = async () =>
    (await alerts()).filter(
      ({ labels }) =>
        labels["alertname"] === "AnchorwatchLinkBroken" &&
        labels["endpoint"] === "federation-index",
    );
  await eventually(async () => ((await firing()).length > 0 ? true : undefined));
  const [told, ...others] = await eventually(async () => {
    const known = await passedOn();
    return known.length > 0 ? known : undefined;
  });
  t.same(others, [], "one alert");
  t.match(told, {
    labels: { client: "pfs", severity: "critical" },
    annotations: {
      summary: "pfs cannot use federation-index",
      description: /chain\.incomplete/,
      runbook_url: /#\/findings\/chain\.incomplete$/,
    },
    status: { state: "active" },
  });
  demo.present("federation-index", ["federation-index", "bpm-issuing"]);
  await eventually(async () => ((await firing()).length === 0 ? true : undefined));
  await eventually(async () => ((await passedOn()).length === 0 ? true : undefined));
  const [link] = await server.query(`anchorwatch_link_ok{${about}}`);
  t.equal(link?.value, 1);
  demo.present("federation-index", ["federation-index"]);
};
