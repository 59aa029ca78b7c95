import * as z from "zod";
import { PROFILE_NAMES } from "../../trust/profile-names.ts";
import { Identity } from "../schema.ts";
import {
  Address,
  choice,
  expecting,
  MAPPING,
  Name,
  names,
  Path,
  Paths,
  Secret,
} from "../schema-parts.ts";
import { GATEWAY_FLAGS, type PlanDocument } from "./document.ts";

const certificates = expecting("a certificate file or PEM text, or a list of them");
const Certificates = z.union([Path, z.array(Path).min(1, certificates)], certificates);

const entries = expecting("an alias, a fingerprint or a certificate file, or a list of them");
const Entries = z.union([Path, z.array(Path).min(1, entries)], entries);

const timeText = expecting("an RFC 3339 time such as 2027-01-31T12:00:00Z");

const Change = z
  .strictObject(
    {
      endpoint: Name.meta({ description: "Endpoint that changes" }).optional(),
      serves: Certificates.meta({
        description: "Certificates that it sends from then on, leaf first",
      }).optional(),
      key: Path.meta({ description: "Private key that goes with them, to be compared" }).optional(),
      keyPassword: Secret.optional(),
      url: z.string(expecting("a URL such as https://host:port")).optional(),
      connect: Address.meta({ description: "Where to dial instead of the host" }).optional(),
      serverName: Name.meta({ description: "Name to send and to check" }).optional(),
      truststore: Name.meta({ description: "Truststore that changes" }).optional(),
      add: Certificates.meta({ description: "Files of certificates to trust" }).optional(),
      remove: Entries.meta({ description: "Entries that go" }).optional(),
      replace: Paths.meta({ description: "Store files that take its place" }).optional(),
      password: Secret.optional(),
      certificate: Path.meta({
        description: "A gateway's trusted certificate: alias, fingerprint, file or PEM text",
      }).optional(),
      flags: z
        .array(
          z.enum(GATEWAY_FLAGS, expecting(`one of ${GATEWAY_FLAGS.join(", ")}`)),
          expecting("a list of flags"),
        )
        .meta({ description: "Every flag that is on for it from then on; none of them: []" })
        .optional(),
      client: Name.meta({ description: "Client that changes" }).optional(),
      profile: z
        .enum(PROFILE_NAMES, expecting("a profile"))
        .meta({ description: "What it is from then on, such as a later JDK" })
        .optional(),
      "java-security": Path.meta({
        description: "Its JVM's java.security: a file, or the lines themselves",
      }).optional(),
      peerCheck: choice(["chain", "none"])
        .meta({ description: "Whether it checks chains from then on" })
        .optional(),
      nameCheck: choice(["https", "ldaps", "none"]).optional(),
      trust: names("a truststore").optional(),
      identity: z
        .union([z.literal("none"), Identity], expecting("a certificate with its key, or none"))
        .meta({ description: "What it authenticates itself with from then on" })
        .optional(),
    },
    MAPPING,
  )
  .meta({ description: "One change of an endpoint, a truststore or a client" });

const schema = z
  .strictObject(
    {
      version: z.literal(1, expecting("1")).optional(),
      changes: z
        .array(Change, expecting("a list of changes"))
        .min(1, "Expected at least one change, found an empty list"),
      at: z
        .string(timeText)
        .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/, timeText)
        .refine((text) => !Number.isNaN(Date.parse(text)), timeText)
        .meta({ description: "As of when to judge; without it, now" })
        .optional(),
    },
    MAPPING,
  )
  .meta({
    title: "Anchorwatch change plan",
    description: "Changes of an estate that are judged before they are made",
  });

/** The schema of a change plan: shape and ranges; what belongs together is checked elsewhere. */
export const PLAN_SCHEMA: z.ZodType<PlanDocument> = schema;

/** JSON Schema (draft 2020-12) of a change plan, for editors. */
export function planJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}
