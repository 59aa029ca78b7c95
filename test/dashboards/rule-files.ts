import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { repository } from "../docs/markdown.ts";

/** Folder of the rules. */
export const RULES = join(repository, "dashboards/prometheus");

const AlertRule = z.strictObject({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  keep_firing_for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(["critical", "warning", "info"]) }),
  annotations: z.strictObject({
    summary: z.string(),
    description: z.string(),
    page_url: z.string().optional(),
    runbook_url: z.string(),
  }),
});

const RecordingRule = z.strictObject({ record: z.string(), expr: z.string() });

const RuleFile = z.strictObject({
  groups: z.array(
    z.strictObject({ name: z.string(), rules: z.array(z.union([AlertRule, RecordingRule])) }),
  ),
});

const TestFile = z.looseObject({
  tests: z.array(
    z.looseObject({
      alert_rule_test: z
        .array(z.looseObject({ alertname: z.string(), exp_alerts: z.array(z.unknown()) }))
        .default([]),
      promql_expr_test: z.array(z.looseObject({ expr: z.string() })).default([]),
    }),
  ),
});

/** A rule that alerts. */
export type Alert = z.infer<typeof AlertRule>;

const filesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));

/** The files that Prometheus is given. */
export const ruleFiles: readonly string[] = filesIn(RULES, ".yml");

/** The unit tests of the rules. */
export const testFiles: readonly string[] = filesIn(join(RULES, "tests"), ".test.yml");

const rules = ruleFiles.flatMap((file) =>
  RuleFile.parse(parse(readFileSync(file, "utf8"))).groups.flatMap((group) => group.rules),
);

/** Every rule that alerts; several may have one name and differ in severity. */
export const alerts: readonly Alert[] = rules.filter((rule) => "alert" in rule);

/** Every rule that records. */
export const records: readonly z.infer<typeof RecordingRule>[] = rules.filter(
  (rule) => "record" in rule,
);

/** What the unit tests expect. */
export const unitTests: readonly z.infer<typeof TestFile>["tests"][number][] = testFiles.flatMap(
  (file) => TestFile.parse(parse(readFileSync(file, "utf8"), { merge: true })).tests,
);
