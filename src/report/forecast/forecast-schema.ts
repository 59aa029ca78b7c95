import * as z from "zod";
import { Sha256, Time } from "../schemas.ts";

const Link = z.strictObject({ client: z.string(), endpoint: z.string() });
const Kind = z
  .enum(["leaf", "intermediate", "anchor", "client-certificate"])
  .describe("What ends: the server's certificate, a CA in its chain, an anchor, the client's own");
const Id = z.string().describe("Of a piece of work: the same as long as the certificate is");

const SavedLink = Link.extend({ at: Time.describe("When this cause breaks it") });

/** One piece of work. */
export const FORECAST_WORK_SCHEMA = z
  .strictObject({
    id: Id,
    kind: Kind,
    title: z.string(),
    deadline: Time,
    severity: z
      .enum(["critical", "warning", "info"])
      .describe("How soon the deadline is, by the estate's thresholds"),
    certificate: z.strictObject({
      sha256: Sha256,
      subject: z.string(),
      issuer: z.string(),
      serial: z.string(),
      notBefore: Time,
      notAfter: Time,
    }),
    endpoints: z.array(z.string()).describe("Endpoints that send it"),
    truststores: z
      .array(
        z.strictObject({
          name: z.string(),
          path: z.string().nullable(),
          alias: z.string().nullable(),
        }),
      )
      .describe("Where truststores hold it"),
    clients: z.array(z.string()).describe("Clients that show it for themselves"),
    labels: z.record(z.string(), z.string()).describe("What all those endpoints are labelled with"),
    links: z.array(SavedLink).describe("Links of which it is the first cause"),
    later: z
      .array(SavedLink.extend({ before: z.strictObject({ at: Time, work: Id }) }))
      .describe("Links that need it, too, and break before for another cause"),
    remedy: z.array(z.string()),
  })
  .meta({ title: "Anchorwatch piece of work" });

/** One line of `forecast --format ndjson`: a link. */
export const FORECAST_LINE_SCHEMA = Link.extend({
  state: z.enum(["works", "broken", "unknown"]),
  breaksAt: Time.nullable().describe(
    "However far away; null when it never breaks, or does not work now",
  ),
  causes: z
    .array(
      z.strictObject({
        kind: Kind,
        at: Time,
        sha256: Sha256,
        subject: z.string(),
        work: Id.nullable().describe("Null behind the end of the forecast"),
      }),
    )
    .describe("The first one however far away, further ones up to the end of the forecast"),
  headline: z
    .strictObject({ code: z.string(), summary: z.string() })
    .nullable()
    .describe("What is wrong with a link that is broken"),
  why: z.string().nullable().describe("Why it is unknown"),
}).meta({ title: "Anchorwatch forecast line" });

const Count = z.int().min(0);

/** Counts of a forecast. */
export const FORECAST_SUMMARY_SCHEMA = z.strictObject({
  links: Count,
  ending: Count.describe("Links that work and break until the end of the forecast"),
  lasting: Count.describe("Links that work until then"),
  broken: Count,
  unknown: Count,
  works: Count,
});

/** What the daemon answers: a forecast without the links that are in no piece of work. */
export const FORECAST_SCHEMA = z
  .strictObject({
    at: Time,
    until: Time,
    summary: FORECAST_SUMMARY_SCHEMA,
    works: z.array(FORECAST_WORK_SCHEMA).describe("The most urgent first"),
  })
  .meta({ title: "Anchorwatch forecast" });

/** The document of `forecast --format json`. */
export const FORECAST_DOCUMENT_SCHEMA = FORECAST_SCHEMA.extend({
  estate: z.string(),
  source: z.enum(["live", "history", "handshakes"]),
  exitCode: z.int(),
  links: z.array(FORECAST_LINE_SCHEMA).describe("In the order of the estate"),
}).meta({ title: "Anchorwatch forecast document" });
