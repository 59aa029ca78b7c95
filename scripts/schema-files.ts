import { estateJsonSchema } from "../src/estate/schema.ts";

/** A generated schema and the text that belongs into it. */
export interface SchemaFile {
  readonly file: URL;
  readonly text: string;
}

/** Every generated JSON Schema under docs/schema. */
export function schemaFiles(): readonly SchemaFile[] {
  const schemas = { "estate.schema.json": estateJsonSchema() };
  return Object.entries(schemas).map(([name, schema]) => ({
    file: new URL(`../docs/schema/${name}`, import.meta.url),
    text: `${JSON.stringify(schema, null, 2)}\n`,
  }));
}
