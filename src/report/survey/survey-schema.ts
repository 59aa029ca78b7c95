import * as z from "zod";
import { GUIDELINE_PROFILES } from "../../diagnosis/survey/guideline.ts";
import { HELLO_NAMES } from "../../probe/hellos/known-hellos.ts";
import { SURVEYED_VERSIONS } from "../../probe/survey/survey-record.ts";
import { Finding, Sha256, Time } from "../schemas.ts";

const Failure = z.object({ code: z.string(), message: z.string() }).nullable();
const Preference = z.enum(["server", "client"]).nullable();
const Version = z.enum(SURVEYED_VERSIONS);
const Resumption = z.enum(["resumed", "not-resumed", "none"]).nullable();
const Known = z.boolean().nullable();

const Certificate = z.object({
  sha256: Sha256,
  subject: z.string().nullable(),
  issuer: z.string().nullable(),
  notBefore: Time.nullable(),
  notAfter: Time.nullable(),
  der: z.string(),
});

const Address = z.strictObject({
  address: z.string().nullable(),
  port: z.int(),
  failure: Failure,
  connections: z.int(),
  durationMs: z.int(),
  versions: z.array(
    z.strictObject({
      version: Version,
      state: z.enum(["offered", "refused", "unclear"]),
      failure: Failure,
      preference: Preference,
      cipherSuites: z.array(
        z.strictObject({
          code: z.string(),
          name: z.string(),
          keyExchange: z
            .strictObject({
              kind: z.enum(["ecdhe", "dhe", "hybrid", "rsa"]),
              group: z.string().nullable(),
              bits: z.int().nullable(),
            })
            .nullable(),
        }),
      ),
    }),
  ),
  groups: z.array(
    z.strictObject({
      version: Version,
      groups: z.array(z.string()),
      preference: Preference,
      ignoresOffer: z.boolean(),
    }),
  ),
  signatureSchemes: z.array(
    z.strictObject({ version: Version, schemes: z.array(z.string()), ignoresOffer: z.boolean() }),
  ),
  alpn: z.strictObject({ protocols: z.array(z.string()), insists: z.boolean() }),
  features: z.strictObject({
    secureRenegotiation: Known,
    extendedMasterSecret: Known,
    encryptThenMac: Known,
    heartbeat: Known,
    compression: Known,
    fallbackSignal: Known,
    sessionIdentifiers: Resumption,
    sessionTickets: Resumption,
    sessionTickets13: Resumption,
    tickets13: z.int().nullable(),
    earlyData: z.int().nullable(),
    ocspStaple: Known,
    timestamps: z.int().nullable(),
    clientCertificate: z.enum(["requested", "not-requested"]).nullable(),
  }),
  tolerances: z.array(
    z.strictObject({
      peculiarity: z.enum([
        "hello-of-600-bytes",
        "hello-of-5000-bytes",
        "hello-in-two-records",
        "unknown-extension",
        "unknown-cipher-suite",
        "unknown-version",
        "tls13-offered",
        "no-server-name",
        "unknown-server-name",
      ]),
      tolerated: Known,
      failure: Failure,
    }),
  ),
  clients: z.array(
    z.strictObject({
      client: z.enum(HELLO_NAMES),
      connects: Known,
      version: z.string().nullable(),
      cipherSuite: z.string().nullable(),
      group: z.string().nullable(),
      failure: Failure,
    }),
  ),
  keyTypes: z.array(z.string()),
  chains: z.array(
    z.strictObject({
      certificates: z.array(Certificate),
      versions: z.array(z.string()),
      serverNames: z.array(z.string().nullable()),
    }),
  ),
  ratings: z.array(
    z.strictObject({
      profile: z.enum(GUIDELINE_PROFILES),
      meets: z.boolean(),
      deviations: z.array(
        z.strictObject({
          aspect: z.enum([
            "versions",
            "cipher-suites",
            "groups",
            "certificate",
            "ocsp-staple",
            "preference",
          ]),
          change: z.string(),
        }),
      ),
    }),
  ),
  findings: z.array(Finding),
});

/** One line of `survey --format ndjson`: one target. */
export const SURVEY_RECORD_SCHEMA = z
  .strictObject({
    target: z.string(),
    serverName: z.string().nullable(),
    startedAt: Time,
    guideline: z.strictObject({ title: z.string(), version: z.string() }),
    addresses: z.array(Address),
    findings: z.array(Finding),
    exitCode: z.int(),
  })
  .meta({ title: "Anchorwatch survey" });

/** The document of `survey --format json`. */
export const SURVEY_DOCUMENT_SCHEMA = z
  .strictObject({ results: z.array(SURVEY_RECORD_SCHEMA), exitCode: z.int() })
  .meta({ title: "Anchorwatch surveys" });
