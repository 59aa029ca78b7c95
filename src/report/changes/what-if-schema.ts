import * as z from "zod";
import { Finding, Sha256, Time } from "../schemas.ts";

/** What one client makes of one endpoint. */
export const LinkVerdictRecord = z.strictObject({
  state: z.enum(["ok", "warning", "broken"]),
  trusted: z.boolean().nullable(),
  nameMatch: z.boolean().nullable(),
  findings: z.array(Finding),
  breaksAt: Time.nullable(),
  chain: z.array(Sha256),
});

const Link = z.strictObject({ client: z.string(), endpoint: z.string() });

/** One line of `whatif --format ndjson`: a link before the plan and after it. */
export const WHAT_IF_LINE_SCHEMA = Link.extend({
  fate: z.enum(["breaks", "repaired", "stays-broken", "stays-fine", "unknown"]),
  steps: z.array(z.int().min(0)).describe("Indices of the steps on which it may depend"),
  before: LinkVerdictRecord.nullable(),
  after: LinkVerdictRecord.nullable(),
  why: z.string().nullable().describe("Why it is not known what becomes of it"),
}).meta({ title: "Anchorwatch what-if line" });

const NextChange = Link.extend({ at: Time, becomes: z.enum(["broken", "working"]) });

const Steps = z.array(z.int().min(0));

/** The document of `whatif --format json`. */
export const WHAT_IF_DOCUMENT_SCHEMA = z
  .strictObject({
    plan: z.string(),
    at: Time,
    source: z.enum(["live", "history", "handshakes"]),
    exitCode: z.int(),
    summary: z.strictObject({
      breaks: z.int(),
      repaired: z.int(),
      staysBroken: z.int(),
      staysFine: z.int(),
      unknown: z.int(),
    }),
    steps: z.array(
      z.strictObject({
        change: z.int().min(0).describe("Index of the entry of changes"),
        title: z.string(),
        certificates: z.array(
          z.strictObject({
            role: z.enum(["served", "added", "removed"]),
            sha256: Sha256,
            subject: z.string().nullable(),
            issuer: z.string().nullable(),
            notBefore: Time.nullable(),
            notAfter: Time.nullable(),
          }),
        ),
      }),
    ),
    order: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("safe"), order: Steps }),
      z.strictObject({
        kind: z.literal("none"),
        exclusions: z.array(
          z.strictObject({
            steps: Steps,
            isSmallest: z.boolean(),
            blocked: z.array(
              z.strictObject({ done: Steps, step: z.int(), link: Link, summary: z.string() }),
            ),
          }),
        ),
      }),
      z.strictObject({ kind: z.literal("undecided"), steps: Steps, states: z.int() }),
    ]),
    next: NextChange.nullable().describe("Earliest change of the result after the plan"),
    nextWithout: NextChange.nullable().describe("First break as long as it is not carried out"),
    faults: z.array(
      z.strictObject({
        endpoint: z.string(),
        change: z.int(),
        code: z.string(),
        severity: z.enum(["critical", "warning", "info"]),
        summary: z.string(),
      }),
    ),
    assumptions: z.array(z.string()),
    links: z.array(WHAT_IF_LINE_SCHEMA),
  })
  .meta({ title: "Anchorwatch what-if document" });
