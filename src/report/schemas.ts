import * as z from "zod";
import { FINDING_CODES } from "../diagnosis/finding-codes.ts";
import { HELLO_NAMES } from "../probe/hellos/known-hellos.ts";

/** SHA-256 in lower-case hexadecimal. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe("SHA-256, lower-case hexadecimal");
/** A time at the edge of the program. */
export const Time = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/)
  .describe("RFC 3339, UTC");
const Milliseconds = z.number().min(0).nullable().describe("Milliseconds; null when not reached");

/** A finding in every output. */
export const Finding = z.strictObject({
  code: z.enum(FINDING_CODES),
  severity: z.enum(["critical", "warning", "info"]),
  summary: z.string(),
  remedy: z.array(z.string()),
});

const Certificate = z.strictObject({
  sha256: Sha256,
  subject: z.string().nullable(),
  issuer: z.string().nullable(),
  notBefore: Time.nullable(),
  notAfter: Time.nullable(),
  der: z.base64(),
});

/** One line of `check --format ndjson`. */
export const CHECK_RECORD_SCHEMA = z
  .strictObject({
    target: z.string(),
    address: z.string().nullable(),
    profile: z.string(),
    truststores: z.array(z.string()),
    trusted: z.boolean().nullable(),
    nameMatch: z.boolean().nullable(),
    findings: z.array(Finding),
    path: z.array(Sha256),
    chain: z.array(Certificate),
    clientMessage: z.string().nullable(),
    handshake: z.strictObject({
      outcome: z.enum(["complete", "failed"]),
      version: z.string().nullable(),
      cipherSuite: z.string().nullable(),
      group: z.string().nullable(),
      signatureScheme: z.string().nullable(),
      alpn: z.string().nullable(),
      clientCertificateRequested: z.boolean(),
      alert: z.string().nullable(),
      failure: z.string().nullable(),
      hello: z.enum(["wide", "custom", ...HELLO_NAMES]),
      phases: z.strictObject({
        dns: Milliseconds,
        connect: Milliseconds,
        proxy: Milliseconds,
        dialog: Milliseconds,
        hello: Milliseconds,
        complete: Milliseconds,
      }),
      proxy: z
        .strictObject({
          kind: z.enum(["http", "https", "socks5", "socks5h"]),
          host: z.string(),
          port: z.int(),
          reply: z.strictObject({ status: z.int(), reason: z.string() }).nullable(),
        })
        .nullable(),
      request: z
        .strictObject({
          method: z.enum(["HEAD", "GET", "upgrade"]),
          path: z.string(),
          status: z.int().nullable(),
          reason: z.string().nullable(),
          location: z.string().nullable(),
          strictTransportSecurity: z.string().nullable(),
          server: z.string().nullable(),
          date: z.string().nullable(),
          expectStatus: z.array(z.int()),
          failure: z.string().nullable(),
          timeMs: z.number().min(0),
        })
        .nullable(),
      clientAuth: z.enum(["none", "optional", "required"]).nullable(),
      clientCertificate: z
        .enum([
          "sent",
          "not-configured",
          "no-accepted-issuer",
          "no-accepted-key-type",
          "no-accepted-scheme",
          "no-accepted-signature",
          "cannot-sign",
        ])
        .nullable(),
      certificateRequest: z
        .strictObject({
          authorities: z.array(z.string()),
          certificateTypes: z.array(z.string()),
          signatureSchemes: z.array(z.string()),
          certificateSignatureSchemes: z.array(z.string()).nullable(),
          oidFilters: z.array(z.string()),
        })
        .nullable(),
    }),
    revocation: z.array(
      z.strictObject({
        certificate: Sha256,
        status: z.enum(["good", "revoked", "unknown"]),
        source: z.enum(["crl", "ocsp"]).nullable(),
        until: Time.nullable(),
        revokedAt: Time.nullable(),
        reason: z.string().nullable(),
      }),
    ),
    breaksAt: Time.nullable(),
  })
  .meta({ title: "Anchorwatch check record" });

/** The document of `check --format json`. */
export const CHECK_DOCUMENT_SCHEMA = z
  .strictObject({ results: z.array(CHECK_RECORD_SCHEMA), exitCode: z.int() })
  .meta({ title: "Anchorwatch check document" });

/** One line that `judge --batch` writes. */
export const VERDICT_LINE_SCHEMA = z
  .strictObject({
    id: z.union([z.string(), z.number()]).nullable(),
    trusted: z.boolean().nullable(),
    nameMatch: z.boolean().nullable(),
    accepted: z.boolean(),
    path: z.array(Sha256),
    findings: z.array(Finding.omit({ remedy: true })),
    clientMessage: z.string().nullable(),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ title: "Anchorwatch verdict line" });
