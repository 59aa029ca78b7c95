import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import t from "tap";
import { dashboardFiles } from "../../dashboards/grafana/dashboards.ts";
import { repository, run } from "../set-up/run.ts";
import { allPanels } from "./dashboard-queries.ts";

const SDK = "@grafana/grafana-foundation-sdk";

/** Kinds of panels that the dashboards use, and the module that the SDK has for each. */
const KINDS: Readonly<Record<string, string>> = {
  bargauge: "bargauge",
  stat: "stat",
  "state-timeline": "statetimeline",
  table: "table",
  timeseries: "timeseries",
};

/**
 * The SDK's types as JSON has them: its enumerations become the values they stand for, and what is a method
 * there is nowhere here. Everything else stays exact, so that a misspelt property is a mistake.
 */
const HEADER = `
import type * as dashboard from "${SDK}/dashboard";
import type * as prometheus from "${SDK}/prometheus";
${Object.values(KINDS)
  .map((kind) => `import type * as ${kind} from "${SDK}/${kind}";`)
  .join("\n")}
type Json<T> = unknown extends T ? unknown
  : T extends string ? \`\${T}\`
  : T extends number ? (number extends T ? T : \`\${T}\` extends \`\${infer N extends number}\` ? N : never)
  : T extends boolean | null | undefined ? T
  : T extends readonly (infer E)[] ? readonly Json<E>[]
  : T extends object ? { readonly [K in keyof T as T[K] extends (...a: never[]) => unknown ? never : K]: Json<T[K]> }
  : T;
type Query = Json<Omit<prometheus.Dataquery, "_implementsDataqueryVariant" | "dataqueryName">>;
type Panel = Omit<Json<dashboard.Panel>, "targets"> & { readonly targets?: readonly Query[] };
type Whole = Omit<Json<dashboard.Dashboard>, "panels"> & { readonly panels?: readonly (Panel | Json<dashboard.RowPanel>)[] };
`;

/** A dashboard as constants with the types that the SDK gives to them and to the parts that it leaves open. */
function source(text: string, name: string): string {
  const dashboard = JSON.parse(text) as Dashboard;
  const constants = [`export const ${name}: Whole = ${text};`];
  for (const [index, { type, options, fieldConfig }] of allPanels(dashboard).entries()) {
    const module = KINDS[type] ?? "";
    const custom = fieldConfig?.defaults.custom as unknown;
    if (options !== undefined)
      constants.push(
        `export const ${name}Options${index}: Partial<Json<${module}.Options>> = ${JSON.stringify(options)};`,
      );
    if (custom !== undefined)
      constants.push(
        `export const ${name}Custom${index}: Partial<Json<${module}.FieldConfig>> = ${JSON.stringify(custom)};`,
      );
  }
  return constants.join("\n");
}

/** What the compiler says of dashboards given as JSON. */
function complaints(texts: readonly string[]): string {
  // below the repository, so that the compiler finds the SDK
  const folder = mkdtempSync(join(repository, "test/dashboards/.types-"));
  try {
    const file = join(folder, "dashboards.ts");
    writeFileSync(file, HEADER + texts.map((text, index) => source(text, `d${index}`)).join("\n"));
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: "../../../tsconfig.json",
        compilerOptions: { types: [] },
        include: ["dashboards.ts"],
      }),
    );
    const tsc = join(repository, "node_modules/.bin/tsc");
    const { code, stdout, stderr } = run(tsc, ["-p", folder]);
    return code === 0 ? stdout : `${stdout}${stderr}` || `${tsc} ended with ${code}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const texts = dashboardFiles().map(({ file }) => readFileSync(file, "utf8"));

t.test("The JSON of the dashboards has the types of the SDK", async (t) => {
  for (const text of texts)
    for (const { type } of allPanels(JSON.parse(text) as Dashboard))
      t.ok(Object.hasOwn(KINDS, type), `${type} is checked`);
  t.equal(complaints(texts), "");
});

t.test("The check of types finds what is wrong", async (t) => {
  const [text = ""] = texts;
  for (const [right, wrong] of [
    ['"schemaVersion"', '"schemeVersion"'],
    ['"graphMode": "none"', '"graphMode": "nothing"'],
    ['"instant": true', '"instant": "yes"'],
    ['"type": "row"', '"type": "rows"'],
  ] as const) {
    t.match(text, right);
    t.match(complaints([text.replace(right, wrong)]), /error TS\d+/, wrong);
  }
});
