import t from "tap";
import { formatProblem } from "../../src/estate/estate.ts";
import { parseEstate } from "../../src/estate/load-estate.ts";
import { DEFAULTS, estateJsonSchema } from "../../src/estate/schema.ts";
import { type Page, pages, readPage, section, tableRows } from "./markdown.ts";

const page = readPage("docs/estate.md");

const estates = (of: Page): readonly string[] =>
  of.fences
    .filter(({ language, text }) => language === "yaml" && /^version: 1$/m.test(text))
    .map(({ text }) => text);

t.test("Estates in the documentation are valid and raise no notice", async (t) => {
  const found = pages.flatMap((each) => estates(each).map((text) => ({ path: each.path, text })));
  for (const { path, text } of found) {
    const estate = parseEstate(path, text);
    t.same(estate.ok ? [] : estate.error.map(formatProblem), [], `${path} is valid`);
    t.same(estate.ok ? estate.value.notices.map(formatProblem) : [], [], `${path} is quiet`);
  }
  t.ok(
    found.some(({ path }) => path === page.path),
    "docs/estate.md shows one",
  );
});

const properties = (schema: unknown): Readonly<Record<string, unknown>> => {
  const inner: unknown =
    typeof schema === "object" && schema !== null ? Reflect.get(schema, "properties") : undefined;
  return typeof inner === "object" && inner !== null ? { ...inner } : {};
};

const valuesOf = (schema: unknown): unknown =>
  typeof schema === "object" && schema !== null
    ? Reflect.get(schema, "additionalProperties")
    : undefined;

const itemsOf = (schema: unknown): unknown =>
  typeof schema === "object" && schema !== null ? Reflect.get(schema, "items") : undefined;

t.test("docs/estate.md describes every section and key of the schema", async (t) => {
  const titles = page.headings.filter(({ level }) => level === 2).map(({ title }) => title);
  for (const [name, schema] of Object.entries(properties(estateJsonSchema()))) {
    const keys = Object.keys({
      ...properties(schema),
      ...properties(valuesOf(schema)),
      ...properties(itemsOf(schema)),
    });
    if (keys.length === 0) {
      t.match(page.prose, `\`${name}\``, `${name} is mentioned`);
      continue;
    }
    t.ok(titles.includes(name), `${name} has a section`);
    const described = tableRows(section(page, name)).map(([key]) => key);
    for (const key of keys) t.ok(described.includes(`\`${key}\``), `${name}.${key} is described`);
  }
});

t.test("docs/estate.md states the defaults of the program", async (t) => {
  const defaultOf = (title: string, key: string): string | undefined =>
    tableRows(section(page, title)).find(([first]) => first === `\`${key}\``)?.[2];
  t.same(
    {
      every: defaultOf("schedule", "every"),
      timeout: defaultOf("schedule", "timeout"),
      jitter: defaultOf("schedule", "jitter"),
      pace: defaultOf("schedule", "pace"),
      concurrency: defaultOf("schedule", "concurrency"),
      perHost: defaultOf("schedule", "perHost"),
      warning: defaultOf("thresholds", "warning"),
      critical: defaultOf("thresholds", "critical"),
      peerCheck: defaultOf("clients", "peerCheck"),
      nameCheck: defaultOf("clients", "nameCheck"),
      historyPath: defaultOf("history", "path"),
      keep: defaultOf("history", "keep"),
      listen: defaultOf("http", "listen"),
    },
    Object.fromEntries(Object.entries(DEFAULTS).map(([key, value]) => [key, `\`${value}\``])),
  );
});
