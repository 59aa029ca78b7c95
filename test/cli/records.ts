import type { Test } from "tap";
import type { z } from "zod";
import {
  CHECK_DOCUMENT_SCHEMA,
  CHECK_RECORD_SCHEMA,
  VERDICT_LINE_SCHEMA,
} from "../../src/report/schemas.ts";
import { linesOf } from "./command.ts";

/** One record of `check`, as the schema reads it. */
export type CheckRecordRead = z.infer<typeof CHECK_RECORD_SCHEMA>;

/** One line of `judge --batch`, as the schema reads it. */
export type VerdictRead = z.infer<typeof VERDICT_LINE_SCHEMA>;

function read<S extends z.ZodType>(t: Test, schema: S, text: string): z.infer<S> | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    t.fail(`Not JSON: ${text.slice(0, 200)}`);
    return undefined;
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) t.same(parsed.error.issues, [], "the schema is kept");
  return parsed.data;
}

/** Reads NDJSON of `check`; what breaks the schema fails the test. */
export function checkRecords(t: Test, stdout: string): readonly CheckRecordRead[] {
  return linesOf(stdout).flatMap((line) => read(t, CHECK_RECORD_SCHEMA, line) ?? []);
}

/** Reads the document of `check --format json`; what breaks the schema fails the test. */
export function checkDocument(
  t: Test,
  stdout: string,
): z.infer<typeof CHECK_DOCUMENT_SCHEMA> | undefined {
  return read(t, CHECK_DOCUMENT_SCHEMA, stdout);
}

/** Reads the answers of `judge --batch`; what breaks the schema fails the test. */
export function verdictLines(t: Test, stdout: string): readonly VerdictRead[] {
  return linesOf(stdout).flatMap((line) => read(t, VERDICT_LINE_SCHEMA, line) ?? []);
}

/** Reads a JSON text as any schema wants it. */
export const readAs = read;
