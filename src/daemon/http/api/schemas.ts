import * as z from "zod";
import { FINDING_CODES } from "../../../diagnosis/finding-codes.ts";
import { FAILURE_CODES } from "../../../probe/handshake-json.ts";
import { Sha256, Time } from "../../../report/schemas.ts";
import type { AlertJson } from "../../alert-json.ts";
import type { EndpointJson, TruststoreJson } from "../../endpoint-json.ts";
import type { LinkJson } from "../../link-json.ts";

/** Schemas with a name of their own in the description of the API. */
export const COMPONENTS = z.registry<{ readonly id: string }>();

/** Gives a schema a name. */
export function named<T extends z.ZodType>(id: string, schema: T): T {
  COMPONENTS.add(schema, { id });
  return schema;
}

/** A time, or nothing. */
export const OptionalTime = Time.nullable();
const Text = z.string();
const OptionalText = z.string().nullable();
const Labels = z.record(z.string(), z.string());

/** How much a finding matters. */
export const SeveritySchema = z.enum(["critical", "warning", "info"]);
const Code = named("FindingCode", z.enum(FINDING_CODES));
const State = z.enum(["ok", "warning", "broken", "pending"]);
const Failure = named("FailureCode", z.enum(FAILURE_CODES)).nullable();

/** A link by its ends. */
export const LinkName = named("LinkName", z.strictObject({ client: Text, endpoint: Text }));

const ShownFinding = named(
  "Finding",
  z.strictObject({
    code: Code,
    severity: SeveritySchema,
    summary: Text,
    remedy: z.array(Text),
    clientMessage: OptionalText.describe("What the client prints; null when it prints nothing"),
  }),
);

const LINK = {
  client: Text,
  endpoint: Text,
  profile: Text,
  url: Text,
  state: State,
  ok: z.boolean().nullable(),
  trusted: z.boolean().nullable(),
  nameMatch: z.boolean().nullable(),
  headline: OptionalText,
  findings: z.array(ShownFinding).describe("Headline first"),
  breaksAt: OptionalTime.describe("When a working link will break"),
  checkedAt: OptionalTime,
  since: OptionalTime.describe("When the state became what it is"),
  clientMessage: OptionalText,
  addresses: z.array(
    z.strictObject({
      address: OptionalText,
      outcome: z.enum(["complete", "failed"]),
      version: OptionalText,
      cipherSuite: OptionalText,
      group: OptionalText,
      failure: Failure,
    }),
  ),
  labels: Labels,
  chain: z
    .array(
      z.strictObject({
        sha256: Sha256,
        subject: OptionalText,
        issuer: OptionalText,
        notBefore: OptionalTime,
        notAfter: OptionalTime,
      }),
    )
    .describe("As sent"),
};

/** A link. */
export const LinkSchema: z.ZodType<LinkJson> = named("Link", z.strictObject(LINK));

/** A link with the files that its remedies name. */
export const LinkDetailSchema = named(
  "LinkDetail",
  z.strictObject({
    ...LINK,
    anchors: z.array(Sha256).describe("Trust anchors that the accepted paths end in"),
    attachments: z.array(
      z.strictObject({
        kind: z.enum(["certificate", "chain"]),
        fileName: Text,
        code: Code,
        pem: Text,
      }),
    ),
  }),
);

const Certificate = {
  sha256: Sha256,
  subject: OptionalText,
  issuer: OptionalText,
  serial: OptionalText,
  notBefore: OptionalTime,
  notAfter: OptionalTime,
};

const ClientAuth = z.enum(["none", "requested", "required"]);
const Phase = z.number().nullable().describe("Milliseconds; null when not reached");

/** An endpoint. */
export const EndpointSchema: z.ZodType<EndpointJson> = named(
  "Endpoint",
  z.strictObject({
    name: Text,
    url: Text,
    serverName: OptionalText,
    labels: Labels,
    every: z.number().describe("Milliseconds between probes"),
    clients: z.array(Text),
    checkedAt: OptionalTime,
    quietUntil: OptionalTime.describe("Until when it is not probed; null while it is"),
    clientAuth: z
      .strictObject({ expected: ClientAuth, observed: ClientAuth.nullable() })
      .nullable(),
    addresses: z.array(
      z.strictObject({
        address: OptionalText,
        outcome: z.enum(["complete", "failed"]),
        version: OptionalText,
        cipherSuite: OptionalText,
        group: OptionalText,
        signatureScheme: OptionalText,
        alpn: OptionalText,
        clientCertificateRequested: z.boolean(),
        failure: Failure,
        failureMessage: OptionalText,
        phases: z.strictObject({
          dns: Phase,
          connect: Phase,
          proxy: Phase,
          dialog: Phase,
          hello: Phase,
          complete: Phase,
        }),
        certificates: z.array(z.strictObject(Certificate)),
      }),
    ),
  }),
);

const Counts = z.strictObject({
  ok: z.int(),
  warning: z.int(),
  broken: z.int(),
  pending: z.int(),
});

/** A client. */
export const ClientSchema = named(
  "Client",
  z.strictObject({
    name: Text,
    profile: Text,
    system: OptionalText,
    peerCheck: z.enum(["chain", "none"]).describe("none takes any certificate of anybody"),
    nameCheck: z.enum(["https", "ldaps", "none"]),
    truststores: z.array(Text),
    identity: z
      .strictObject({
        error: OptionalText.describe("Why its certificate cannot be used; null when it can"),
        chain: z.array(Sha256),
      })
      .nullable()
      .describe("Null for a client without a certificate"),
    links: Counts.describe("Its links by state"),
  }),
);

/** A certificate that servers send now. */
export const CertificateSchema = named(
  "Certificate",
  z.strictObject({
    ...Certificate,
    places: z.array(
      z.strictObject({
        endpoint: Text,
        address: OptionalText,
        position: z.int().describe("0 is sent first"),
      }),
    ),
    links: z.int().describe("Links whose counting address sends it"),
  }),
);

/** When a certificate was seen where. */
export const CertificateDetailSchema = named(
  "CertificateDetail",
  z.strictObject({
    ...Certificate,
    details: z
      .strictObject({
        version: z.int(),
        key: Text,
        signatureAlgorithm: OptionalText,
        extensions: z.array(z.strictObject({ name: Text, critical: z.boolean(), value: Text })),
      })
      .nullable()
      .describe("Null where it cannot be read"),
    pem: Text,
    seen: z.array(
      z.strictObject({
        endpoint: Text,
        address: Text,
        firstSeen: OptionalTime,
        lastSeen: OptionalTime,
      }),
    ),
  }),
);

const STORE = {
  name: Text,
  paths: z.array(Text),
  clients: z.array(Text),
  loaded: z.boolean(),
  anchors: z.int().nullable(),
  earliestExpiry: OptionalTime,
  error: z.strictObject({ code: Text, message: Text }).nullable(),
};

/** A truststore. */
export const TruststoreSchema: z.ZodType<TruststoreJson> = named(
  "Truststore",
  z.strictObject(STORE),
);

/** A truststore with its entries. */
export const TruststoreDetailSchema = named(
  "TruststoreDetail",
  z.strictObject({
    ...STORE,
    entries: z.array(
      z.strictObject({
        ...Certificate,
        alias: OptionalText,
        path: OptionalText,
        kind: z.enum(["certificate", "key"]),
        neededBy: z.array(LinkName).describe("Links whose accepted path takes it from the store"),
      }),
    ),
  }),
);

/** A cause that links have in common. */
export const CauseSchema = named(
  "Cause",
  z.strictObject({
    id: z.string().describe("The same as long as the cause is"),
    code: Code,
    severity: SeveritySchema,
    summary: Text,
    remedy: z.array(Text),
    links: z.array(LinkName),
    since: OptionalTime.describe("The earliest since of its links"),
    place: OptionalText.describe(
      "Where a system's own configuration says it, file:line:column; null for what links show",
    ),
  }),
);

/** An alert. */
export const AlertSchema: z.ZodType<AlertJson> = named(
  "Alert",
  z.strictObject({
    id: Text,
    key: Text,
    rule: Text,
    severity: SeveritySchema,
    labels: Labels,
    code: Text as z.ZodType<AlertJson["code"]>,
    summary: Text,
    remedy: z.array(Text),
    links: z.array(LinkName),
    linkCount: z.int(),
    breaksAt: OptionalTime,
    status: z.enum(["pending", "firing", "resolved"]),
    muted: z.boolean(),
    since: Time,
    firedAt: OptionalTime,
    resolvedAt: OptionalTime,
  }),
);

/** A time during which a client made the same of an endpoint. */
export const VerdictSchema = named(
  "RecordedVerdict",
  z.strictObject({
    state: z.enum(["ok", "warning", "broken"]),
    since: OptionalTime,
    firstSeen: OptionalTime,
    lastSeen: OptionalTime,
    breaksAt: OptionalTime,
    trusted: z.boolean().nullable(),
    nameMatch: z.boolean().nullable(),
    chain: z.array(Sha256),
    findings: z.array(z.strictObject({ code: Text, severity: SeveritySchema, summary: Text })),
  }),
);

/** An error. */
export const ProblemSchema = named(
  "Problem",
  z.strictObject({ type: Text, title: Text, status: z.int(), detail: Text }),
);
