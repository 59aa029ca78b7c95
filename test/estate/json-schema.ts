import { readFileSync } from "node:fs";
import t from "tap";
import { schemaFiles } from "../../scripts/schema-files.ts";
import { estateJsonSchema } from "../../src/estate/schema.ts";

void t.test("schemaFiles() are what docs/schema holds", async (t) => {
  for (const { file, text } of schemaFiles())
    t.equal(readFileSync(file, "utf8"), text, `${file.pathname}: run scripts/generate-schemas.ts`);
});

void t.test("estateJsonSchema() closes mappings and shows defaults", async (t) => {
  t.match(estateJsonSchema(), {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    required: ["version"],
    additionalProperties: false,
    properties: {
      version: { const: 1 },
      clients: {
        additionalProperties: { required: ["profile"], anyOf: [{ required: ["trust"] }, {}] },
      },
      schedule: {
        properties: { every: { default: "5m" }, perHost: { default: 2, maximum: 1000 } },
      },
    },
  });
});
