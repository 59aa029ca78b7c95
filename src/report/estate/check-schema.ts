import * as z from "zod";
import { FINDING_CODES } from "../../diagnosis/finding-codes.ts";

const Place = z
  .strictObject({
    file: z.string(),
    line: z.int().min(1),
    column: z.int().min(1),
    at: z.string().describe("Path in the document, element, directive or key"),
  })
  .nullable();

const Part = z.strictObject({
  kind: z.enum(["truststore", "client", "endpoint", "link", "import", "estate"]),
  name: z.string(),
});

/** One line of `estate check --format ndjson`. */
export const ESTATE_FINDING_SCHEMA = z
  .strictObject({
    code: z.enum(FINDING_CODES),
    severity: z.enum(["critical", "warning", "info"]),
    summary: z.string(),
    part: Part.describe("What it is about"),
    place: Place.describe("Where it is written"),
    remedy: z.array(z.string()),
  })
  .meta({ title: "Anchorwatch estate finding" });

/** The document of `estate check --format json`. */
export const ESTATE_CHECK_SCHEMA = z
  .strictObject({
    estate: z.string(),
    valid: z.boolean().describe("Whether the estate can be used"),
    exitCode: z.int(),
    problems: z
      .array(
        z.strictObject({
          file: z.string(),
          line: z.int().nullable(),
          column: z.int().nullable(),
          path: z.string(),
          message: z.string(),
          hint: z.string().nullable(),
        }),
      )
      .describe("Mistakes for which it cannot be used"),
    findings: z.array(ESTATE_FINDING_SCHEMA).describe("The gravest first"),
    notes: z
      .array(z.strictObject({ part: Part, message: z.string(), place: Place }))
      .describe("What could not be derived of imported systems, or how it was"),
    parts: z.array(Part).describe("Everything that was looked at"),
  })
  .meta({ title: "Anchorwatch estate check" });
