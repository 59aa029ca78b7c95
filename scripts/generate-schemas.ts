// Writes the JSON Schemas that editors and other programs use from the schemas that the program itself checks with.
import { mkdirSync, writeFileSync } from "node:fs";
import { schemaFiles } from "./schema-files.ts";

for (const { file, text } of schemaFiles()) {
  mkdirSync(new URL(".", file), { recursive: true });
  writeFileSync(file, text);
}
