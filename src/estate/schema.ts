import * as z from "zod";
import { PROFILE_NAMES } from "../trust/profile-names.ts";
import { CLIENT_SYSTEMS, SERVER_SYSTEMS } from "../trust/system-names.ts";
import { AlertsSchema, NotifySchema } from "./alerts/schema.ts";
import type { EstateDocument, IdentityDocument } from "./document.ts";
import { DEFAULT_LISTEN, HttpSchema } from "./http/schema.ts";
import {
  Address,
  choice,
  count,
  duration,
  expecting,
  JitterText,
  Labels,
  MAPPING,
  Network,
  Name,
  names,
  Path,
  Paths,
  Secret,
  ThresholdText,
} from "./schema-parts.ts";
import { ImportDocument } from "./schema-imports.ts";
import { RequestFields } from "./schema-request.ts";
import { ROUTE_FIELDS } from "./schema-route.ts";
import { OwnQuiet, Quiet } from "./windows/schema.ts";

/** What stands where a value is not given; the schema shows the same texts to editors. */
export const DEFAULTS = {
  every: "5m",
  jitter: "5%",
  timeout: "10s",
  pace: "0s",
  concurrency: 64,
  perHost: 2,
  warning: "30d",
  critical: "7d",
  peerCheck: "chain",
  nameCheck: "https",
  historyPath: "anchorwatch.db",
  keep: "400d",
  listen: DEFAULT_LISTEN,
} as const;

const Truststore = z
  .strictObject({ path: Paths, password: Secret.optional() }, MAPPING)
  .meta({ description: "Trust anchors read from one or more files" });

const identityText = {
  error: () => "Expected either cert and key, or keystore, with keyPassword and alias",
};

/** What a client authenticates itself with. */
export const Identity: z.ZodType<IdentityDocument> = z
  .strictObject(
    {
      cert: Path.meta({ description: "Certificate chain in PEM, leaf first" }).optional(),
      key: Path.meta({ description: "Private key in PEM" }).optional(),
      keystore: Path.meta({ description: "JKS, JCEKS, PKCS#12 or PEM file" }).optional(),
      password: Secret.optional(),
      keyPassword: Secret.optional(),
      alias: Name.optional(),
      keyManager: choice(["SunX509", "NewSunX509"])
        .meta({ description: "Key manager of a Java client", default: "SunX509" })
        .optional(),
    },
    MAPPING,
  )
  .refine(({ cert, key, keystore, keyPassword, alias }) => {
    const pair = cert !== undefined && key !== undefined && keyPassword === undefined;
    return keystore === undefined
      ? pair && alias === undefined
      : cert === undefined && key === undefined;
  }, identityText)
  .meta({ description: "What the client authenticates itself with" });

const startedText = expecting(
  "an RFC 3339 time such as 2027-01-01T20:00:00Z, or { pidFile: PATH }",
);
const Started = z.union(
  [
    z.iso.datetime({ offset: true, ...startedText }),
    z.strictObject({ pidFile: Path }, startedText),
  ],
  startedText,
);

const Client = z
  .strictObject(
    {
      profile: z
        .enum(PROFILE_NAMES, expecting("a profile"))
        .meta({ description: "Which kind of client this is" }),
      system: choice(CLIENT_SYSTEMS)
        .meta({ description: "What the client runs in; remedies are worded for it" })
        .optional(),
      trust: names("a truststore").optional(),
      peerCheck: choice(["chain", "none"])
        .meta({
          description: "none for a client that takes any certificate of anybody",
          default: DEFAULTS.peerCheck,
        })
        .optional(),
      nameCheck: choice(["https", "ldaps", "none"])
        .meta({ default: DEFAULTS.nameCheck })
        .optional(),
      identity: Identity.optional(),
      started: Started.meta({
        description: "When its process was started: tells when a truststore was written after it",
      }).optional(),
    },
    MAPPING,
  )
  .refine(({ trust, peerCheck }) => trust !== undefined || peerCheck === "none", {
    ...expecting("the name of a truststore, or a list of names"),
    path: ["trust"],
    when: ({ value }) => typeof value === "object" && value !== null && !Array.isArray(value),
  })
  .meta({
    description: "A relying party: a runtime with its truststores",
    anyOf: [
      { required: ["trust"] },
      { properties: { peerCheck: { const: "none" } }, required: ["peerCheck"] },
    ],
  });

const Every = duration("1s", "30d").meta({ description: "Time between two probes" });
const Timeout = duration("1s", "5m").meta({ description: "Time for one handshake" });
const Jitter = JitterText.meta({ description: "Share by which that time is moved at random" });
const Pace = duration("0s", "5m").meta({
  description: "Least time from one handshake with an address to the next",
});

const Endpoint = z
  .strictObject(
    {
      url: z.string(expecting("a URL such as https://host:port")),
      system: choice(SERVER_SYSTEMS)
        .meta({ description: "What answers there; remedies are worded for it" })
        .optional(),
      connect: Address.meta({ description: "Where to dial instead of the host" }).optional(),
      serverName: Name.meta({ description: "Name to send and to check" }).optional(),
      labels: Labels.optional(),
      every: Every.optional(),
      jitter: Jitter.optional(),
      timeout: Timeout.optional(),
      pace: Pace.optional(),
      quiet: OwnQuiet.optional(),
      phaseTimeout: Timeout.meta({ description: "Time for each phase of one" }).optional(),
      zone: Name.meta({ description: "Zone whose way to servers is taken" }).optional(),
      ...ROUTE_FIELDS,
      request: RequestFields.optional(),
      expect: z
        .strictObject(
          {
            clientAuth: choice(["none", "requested", "required"]).optional(),
            addresses: z
              .array(Network, expecting("a list of addresses and networks"))
              .min(1)
              .max(100)
              .meta({ description: "Where the name has to lead" })
              .optional(),
          },
          MAPPING,
        )
        .optional(),
    },
    MAPPING,
  )
  .meta({ description: "Something that speaks TLS" });

const Zone = z
  .strictObject(ROUTE_FIELDS, MAPPING)
  .meta({ description: "A place in the network: how servers are reached from it" });

const Link = z
  .strictObject({ from: Name, to: names("an endpoint") }, MAPPING)
  .meta({ description: "The client that depends on the endpoints" });

const Schedule = z.strictObject(
  {
    every: Every.meta({ default: DEFAULTS.every }).optional(),
    jitter: Jitter.meta({ default: DEFAULTS.jitter }).optional(),
    timeout: Timeout.meta({ default: DEFAULTS.timeout }).optional(),
    pace: Pace.meta({ default: DEFAULTS.pace }).optional(),
    concurrency: count(10_000).meta({ default: DEFAULTS.concurrency }).optional(),
    perHost: count(1_000).meta({ default: DEFAULTS.perHost }).optional(),
    quiet: Quiet.optional(),
  },
  MAPPING,
);

const Thresholds = z.strictObject(
  {
    warning: ThresholdText.meta({ default: DEFAULTS.warning }).optional(),
    critical: ThresholdText.meta({ default: DEFAULTS.critical }).optional(),
  },
  MAPPING,
);

const History = z.strictObject(
  {
    path: Path.meta({ default: DEFAULTS.historyPath }).optional(),
    keep: duration("1d", "36500d").meta({ default: DEFAULTS.keep }).optional(),
  },
  MAPPING,
);

const schema = z
  .strictObject(
    {
      version: z.literal(1, expecting("1")),
      truststores: z.record(Name, Truststore, MAPPING).optional(),
      clients: z.record(Name, Client, MAPPING).optional(),
      endpoints: z.record(Name, Endpoint, MAPPING).optional(),
      links: z.array(Link, expecting("a list of links")).optional(),
      imports: z.array(ImportDocument, expecting("a list of imports")).optional(),
      schedule: Schedule.optional(),
      thresholds: Thresholds.optional(),
      alerts: AlertsSchema.optional(),
      notify: NotifySchema.optional(),
      zones: z.record(Name, Zone, MAPPING).optional(),
      history: History.optional(),
      http: HttpSchema.optional(),
    },
    MAPPING,
  )
  .meta({
    title: "Anchorwatch estate",
    description: "Endpoints, the clients that depend on them, their truststores and thresholds",
  });

/** The schema of an estate file, version 1: shape and ranges; references are checked elsewhere. */
export const ESTATE_SCHEMA: z.ZodType<EstateDocument> = schema;

/** JSON Schema (draft 2020-12) of the estate file, for editors. */
export function estateJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}
