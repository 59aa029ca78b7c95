import * as z from "zod";
import { estateJsonSchema } from "../src/estate/schema.ts";
import { planJsonSchema } from "../src/estate/plans/schema.ts";
import { HandshakeJson } from "../src/probe/handshake-json.ts";
import {
  CHECK_DOCUMENT_SCHEMA,
  CHECK_RECORD_SCHEMA,
  VERDICT_LINE_SCHEMA,
} from "../src/report/schemas.ts";
import {
  WHAT_IF_DOCUMENT_SCHEMA,
  WHAT_IF_LINE_SCHEMA,
} from "../src/report/changes/what-if-schema.ts";
import { ESTATE_CHECK_SCHEMA, ESTATE_FINDING_SCHEMA } from "../src/report/estate/check-schema.ts";
import { ESTATE_SHOW_SCHEMA } from "../src/report/estate/overview-schema.ts";
import {
  EXPLAIN_DOCUMENT_SCHEMA,
  EXPLAIN_ENTRY_SCHEMA,
  EXPLAIN_RECORD_SCHEMA,
} from "../src/report/explain/explain-schema.ts";
import {
  FORECAST_DOCUMENT_SCHEMA,
  FORECAST_LINE_SCHEMA,
} from "../src/report/forecast/forecast-schema.ts";
import {
  STORE_DETAIL_SCHEMA,
  STORE_DIFF_LINE_SCHEMA,
  STORE_DIFF_SCHEMA,
  STORE_DOCUMENT_SCHEMA,
  STORE_LINE_SCHEMA,
  STORE_LINT_LINE_SCHEMA,
  STORE_LINT_SCHEMA,
  STORE_SHOW_SCHEMA,
  STORE_WRITE_SCHEMA,
} from "../src/report/store/schemas.ts";
import {
  SURVEY_DOCUMENT_SCHEMA,
  SURVEY_RECORD_SCHEMA,
} from "../src/report/survey/survey-schema.ts";

/** A generated schema and the text that belongs into it. */
export interface SchemaFile {
  readonly file: URL;
  readonly text: string;
}

/** Every generated JSON Schema under docs/schema. */
export function schemaFiles(): readonly SchemaFile[] {
  const schemas = {
    "change-plan.schema.json": planJsonSchema(),
    "check-document.schema.json": z.toJSONSchema(CHECK_DOCUMENT_SCHEMA),
    "check-record.schema.json": z.toJSONSchema(CHECK_RECORD_SCHEMA),
    "estate.schema.json": estateJsonSchema(),
    "estate-check.schema.json": z.toJSONSchema(ESTATE_CHECK_SCHEMA),
    "estate-finding.schema.json": z.toJSONSchema(ESTATE_FINDING_SCHEMA),
    "estate-show.schema.json": z.toJSONSchema(ESTATE_SHOW_SCHEMA),
    "explain-document.schema.json": z.toJSONSchema(EXPLAIN_DOCUMENT_SCHEMA),
    "explain-entry.schema.json": z.toJSONSchema(EXPLAIN_ENTRY_SCHEMA),
    "explain-record.schema.json": z.toJSONSchema(EXPLAIN_RECORD_SCHEMA),
    "forecast-document.schema.json": z.toJSONSchema(FORECAST_DOCUMENT_SCHEMA),
    "forecast-line.schema.json": z.toJSONSchema(FORECAST_LINE_SCHEMA),
    "handshake.schema.json": z.toJSONSchema(HandshakeJson.meta({ title: "Anchorwatch handshake" })),
    "store-detail.schema.json": z.toJSONSchema(STORE_DETAIL_SCHEMA),
    "store-diff-line.schema.json": z.toJSONSchema(STORE_DIFF_LINE_SCHEMA),
    "store-diff.schema.json": z.toJSONSchema(STORE_DIFF_SCHEMA),
    "store-lint-line.schema.json": z.toJSONSchema(STORE_LINT_LINE_SCHEMA),
    "store-lint.schema.json": z.toJSONSchema(STORE_LINT_SCHEMA),
    "store-show.schema.json": z.toJSONSchema(STORE_SHOW_SCHEMA),
    "store-write.schema.json": z.toJSONSchema(STORE_WRITE_SCHEMA),
    "store-line.schema.json": z.toJSONSchema(STORE_LINE_SCHEMA),
    "store-listing.schema.json": z.toJSONSchema(STORE_DOCUMENT_SCHEMA),
    "survey-document.schema.json": z.toJSONSchema(SURVEY_DOCUMENT_SCHEMA),
    "survey-record.schema.json": z.toJSONSchema(SURVEY_RECORD_SCHEMA),
    "verdict-line.schema.json": z.toJSONSchema(VERDICT_LINE_SCHEMA),
    "whatif-document.schema.json": z.toJSONSchema(WHAT_IF_DOCUMENT_SCHEMA),
    "whatif-line.schema.json": z.toJSONSchema(WHAT_IF_LINE_SCHEMA),
  };
  return Object.entries(schemas).map(([name, schema]) => ({
    file: new URL(`../docs/schema/${name}`, import.meta.url),
    text: `${JSON.stringify(schema, null, 2)}\n`,
  }));
}
