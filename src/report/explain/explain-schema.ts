import * as z from "zod";
import { CASE_IDS } from "../../diagnosis/catalogue.ts";
import { FACT_FIELDS } from "../../diagnosis/explain/pattern.ts";
import { FINDING_CODES } from "../../diagnosis/finding-codes.ts";
import { PROFILE_NAMES } from "../../trust/profile-names.ts";
import { Finding } from "../schemas.ts";

const Case = z.enum(CASE_IDS).describe("Case of the failure catalogue");
const Codes = z.array(z.enum(FINDING_CODES)).describe("Codes of findings that name the case");
const Place = z.strictObject({
  line: z.int().min(1),
  time: z.string().nullable().describe("As written in the log"),
});

/** One problem that a text tells of: a line of `explain --format ndjson`. */
export const EXPLAIN_RECORD_SCHEMA = z
  .strictObject({
    pattern: z.string().describe("Stable name of the wording"),
    says: z.string(),
    family: z.string(),
    side: z.enum(["server", "client"]).nullable().describe("Which end wrote the text"),
    count: z.int().min(1),
    first: Place,
    last: Place,
    excerpt: z.string(),
    causes: z.array(
      z.strictObject({
        case: Case,
        title: z.string(),
        codes: Codes,
        look: z.string(),
        remedy: z.string(),
      }),
    ),
    why: z.string(),
    not: z.array(z.strictObject({ cases: z.array(Case), because: z.string() })),
    notes: z.array(z.string()),
    facts: z.partialRecord(z.enum(FACT_FIELDS), z.string()),
    check: z.strictObject({
      command: z.string(),
      target: z.string().nullable(),
      profile: z.enum(PROFILE_NAMES).nullable(),
      truststore: z.string().nullable(),
      at: z.string().nullable(),
    }),
    link: z.strictObject({ client: z.string().nullable(), endpoint: z.string() }).nullable(),
    checked: z
      .strictObject({
        target: z.string(),
        client: z.string(),
        ok: z.boolean(),
        confirmed: z.array(Case),
        findings: z.array(Finding),
      })
      .nullable(),
  })
  .meta({ title: "Anchorwatch explained problem" });

/** The document of `explain --format json`. */
export const EXPLAIN_DOCUMENT_SCHEMA = z
  .strictObject({
    lines: z.int().min(0),
    cutLines: z.int().min(0),
    problems: z.array(EXPLAIN_RECORD_SCHEMA),
    unlisted: z.int().min(0),
    exitCode: z.int(),
  })
  .meta({ title: "Anchorwatch explanation" });

/** `explain CODE`, `explain CASE` and `explain --list` with `--format json` or `ndjson`. */
export const EXPLAIN_ENTRY_SCHEMA = z
  .strictObject({
    kind: z.enum(["code", "case"]),
    id: z.string(),
    title: z.string(),
    cases: z.array(Case),
    codes: Codes,
    look: z.string().nullable(),
    remedy: z.string().nullable(),
    page: z.string().nullable().describe("The page about a code, Markdown"),
  })
  .meta({ title: "Anchorwatch catalogue entry" });
