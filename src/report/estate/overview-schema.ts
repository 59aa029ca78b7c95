import * as z from "zod";
import type { EstateOverview } from "./overview.ts";

const Source = z.strictObject({
  place: z.string().nullable().describe("file:line:column"),
  import: z.string().nullable().describe("Prefix of the import that brings it"),
  values: z
    .array(z.strictObject({ key: z.string(), text: z.string() }))
    .describe("Where imported values come from: place, variables, or the rule of a default"),
});

const Text = z.string();
const OptionalText = z.string().nullable();

/** The document of `estate show --format json`. */
export const ESTATE_SHOW_SCHEMA: z.ZodType<EstateOverview> = z
  .strictObject({
    estate: Text,
    imports: z.array(
      z.strictObject({
        prefix: Text,
        system: Text,
        place: Text,
        findings: z.int().min(0),
        notes: z.int().min(0),
      }),
    ),
    clients: z.array(
      z.strictObject({
        name: Text,
        profile: Text,
        system: OptionalText,
        truststores: z.array(Text),
        peerCheck: z.enum(["chain", "none"]).describe("none takes any certificate of anybody"),
        nameCheck: Text,
        identity: OptionalText.describe("Files of its own certificate and key"),
        started: OptionalText.describe("When its process was started, or the file with its number"),
        source: Source,
      }),
    ),
    endpoints: z.array(
      z.strictObject({
        name: Text,
        url: Text,
        serverName: OptionalText,
        connect: OptionalText,
        system: OptionalText,
        clientAuth: OptionalText,
        labels: z.record(Text, Text),
        servedBy: OptionalText.describe("Prefix of the imported system that listens there"),
        source: Source,
      }),
    ),
    truststores: z.array(
      z.strictObject({
        name: Text,
        paths: z.array(Text),
        password: OptionalText.describe("Where it is; never the password"),
        clients: z.array(Text),
        source: Source,
      }),
    ),
    links: z.array(z.strictObject({ client: Text, endpoint: Text, source: Source })),
  })
  .meta({ title: "Anchorwatch estate" });
