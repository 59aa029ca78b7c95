import * as z from "zod";
import { STORE_FAMILIES } from "../../truststore/visibility.ts";
import { Finding, Sha256, Time } from "../schemas.ts";

const Reason = z.string().nullable().describe("Null where the entry is an anchor, else why not");

const StoreEntry = z.strictObject({
  index: z.int(),
  alias: z.string().nullable(),
  kind: z.enum(["certificate", "key"]),
  chainPosition: z.int().nullable(),
  subject: z.string().nullable(),
  issuer: z.string().nullable(),
  serialNumber: z.string().nullable(),
  sha256: Sha256,
  sha1: z.string().regex(/^[0-9a-f]{40}$/),
  notBefore: Time.nullable(),
  notAfter: Time.nullable(),
  daysLeft: z.int().nullable(),
  lifetimeLeft: z.number().min(0).max(1).nullable(),
  stored: Time.nullable(),
  visibleToJava: z.boolean(),
  invisibleReason: z.string().nullable(),
  anchors: z.strictObject({
    java: Reason,
    openssl: Reason,
    go: Reason,
    nodejs: Reason,
    gskit: Reason,
    dotnet: Reason,
    nss: Reason,
  }),
  duplicateOf: z.int().nullable(),
});

const StoreFailure = z.strictObject({
  path: z.string().nullable(),
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    javaMessage: z.string().nullable(),
    remedy: z.array(z.string()),
  }),
});

/** What `store list --format json` says about one store that could be read. */
export const STORE_RECORD_SCHEMA = z
  .strictObject({
    path: z.string().nullable(),
    format: z.string(),
    flavour: z.string(),
    integrity: z.enum(["ok", "wrong", "unchecked"]),
    entries: z.array(StoreEntry),
    skipped: z.strictObject({
      privateKeys: z.int(),
      secretKeys: z.int(),
      revocationLists: z.int(),
      requests: z.int(),
      other: z.int(),
    }),
    anomalies: z.array(z.string()),
    java: z.strictObject({ opens: z.boolean(), message: z.string().nullable() }),
    message: z.string().nullable(),
  })
  .meta({ title: "Anchorwatch truststore" });

/** The document of `store list --format json`: one store, or an array where several were named. */
export const STORE_DOCUMENT_SCHEMA = z
  .union([STORE_RECORD_SCHEMA, StoreFailure, z.array(z.union([STORE_RECORD_SCHEMA, StoreFailure]))])
  .meta({ title: "Anchorwatch truststore listing" });

/** One line of `store list --format ndjson`: a certificate, or a store that cannot be read. */
export const STORE_LINE_SCHEMA = z
  .union([StoreEntry.extend({ path: z.string() }), StoreFailure])
  .meta({ title: "Anchorwatch truststore line" });

/** One certificate of `store show`: a line of NDJSON, a member of the array of JSON. */
export const STORE_DETAIL_SCHEMA = StoreEntry.extend({
  path: z.string().nullable(),
  certificate: z
    .strictObject({
      version: z.int(),
      key: z.strictObject({
        type: z.string(),
        bits: z.int().nullable(),
        curve: z.string().nullable(),
        sha256: Sha256,
      }),
      signatureAlgorithm: z.string().nullable(),
      signedBy: z.union([
        z.strictObject({ kind: z.enum(["itself", "other-key", "not-in-store"]) }),
        z.strictObject({
          kind: z.literal("entry"),
          index: z.int(),
          alias: z.string().nullable(),
        }),
      ]),
      extensions: z.array(
        z.strictObject({
          name: z.string(),
          oid: z.string(),
          critical: z.boolean(),
          value: z.string(),
        }),
      ),
    })
    .nullable(),
  unreadable: z.string().nullable(),
  pem: z.string(),
}).meta({ title: "Anchorwatch truststore certificate" });

/** The document of `store show --format json`. */
export const STORE_SHOW_SCHEMA = z
  .union([z.array(STORE_DETAIL_SCHEMA), StoreFailure])
  .meta({ title: "Anchorwatch truststore certificates" });

const Families = z.array(z.enum(STORE_FAMILIES));

const DiffSide = z
  .strictObject({
    sha256: Sha256,
    aliases: z.array(z.string()),
    subject: z.string().nullable(),
    issuer: z.string().nullable(),
    serialNumber: z.string().nullable(),
    notBefore: Time.nullable(),
    notAfter: Time.nullable(),
    anchorFor: Families,
  })
  .nullable();

/** One line of `store diff --format ndjson`. */
export const STORE_DIFF_LINE_SCHEMA = z
  .strictObject({
    change: z.enum(["added", "removed", "reissued", "rekeyed", "renamed", "visibility"]),
    summary: z.string(),
    before: DiffSide,
    after: DiffSide,
    beside: z.enum(["same-key", "other-key"]).nullable(),
    gained: Families,
    lost: Families,
  })
  .meta({ title: "Anchorwatch truststore difference" });

const DiffStore = z.strictObject({ path: z.string().nullable(), format: z.string() });

/** The document of `store diff --format json`. */
export const STORE_DIFF_SCHEMA = z
  .union([
    z.strictObject({
      before: DiffStore,
      after: DiffStore,
      changes: z.array(STORE_DIFF_LINE_SCHEMA),
      unchanged: z.int(),
      exitCode: z.int(),
    }),
    StoreFailure,
  ])
  .meta({ title: "Anchorwatch truststore differences" });

/** One line of `store lint --format ndjson`. */
export const STORE_LINT_LINE_SCHEMA = z
  .strictObject({ path: z.string(), exitCode: z.int(), findings: z.array(Finding) })
  .meta({ title: "Anchorwatch truststore findings" });

/** The document of `store lint --format json`. */
export const STORE_LINT_SCHEMA = z
  .strictObject({ results: z.array(STORE_LINT_LINE_SCHEMA), exitCode: z.int() })
  .meta({ title: "Anchorwatch truststore findings document" });

/** What `store add`, `remove` and `convert` print as JSON. */
export const STORE_WRITE_SCHEMA = z
  .strictObject({
    command: z.enum(["add", "remove", "convert"]),
    source: z.string(),
    written: z.string().nullable(),
    backup: z.string().nullable(),
    format: z.string(),
    certificates: z.array(
      z.strictObject({
        alias: z.string().nullable(),
        subject: z.string().nullable(),
        sha256: Sha256,
        notAfter: Time.nullable(),
      }),
    ),
    notes: z.array(z.string()),
    refusals: z.array(z.strictObject({ message: z.string(), remedy: z.array(z.string()) })),
    exitCode: z.int(),
  })
  .meta({ title: "Anchorwatch truststore change" });
