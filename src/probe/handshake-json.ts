import * as z from "zod";
import { fail, ok, type Result } from "../x509/result.ts";
import type { EmptyAnswerReason } from "./client-auth-record.ts";
import type {
  ExtendedMessage,
  FailureCode,
  Handshake,
  HandshakeStage,
  TargetScheme,
} from "./handshake.ts";
import { HELLO_NAMES } from "./hellos/known-hellos.ts";
import { DIALOG_LIMITS } from "./dialogs/limits.ts";
import { SCHEMES } from "./schemes.ts";
import { LIMITS } from "./tls/limits.ts";

/** Names the format and its version in every saved handshake. */
const FORMAT = "anchorwatch-handshake/2";

/** The version before, which knew less: what it lacks is filled in as not known. */
const FORMER_FORMAT = "anchorwatch-handshake/1";

const STAGES = [
  "start",
  "dns",
  "connect",
  "proxy",
  "dialog",
  "hello",
  "certificate",
  "finished",
  "complete",
] as const satisfies readonly HandshakeStage[];

/** Every FailureCode. */
export const FAILURE_CODES = [
  "dns-failed",
  "connect-refused",
  "connect-unreachable",
  "connect-failed",
  "timeout-connect",
  "timeout-proxy",
  "timeout-dialog",
  "timeout-handshake",
  "proxy-unreachable",
  "proxy-authentication",
  "proxy-refused",
  "proxy-malformed",
  "wrong-protocol",
  "upgrade-refused",
  "not-tls",
  "connection-closed",
  "connection-reset",
  "alert-received",
  "version-unsupported",
  "parameter-unsupported",
  "malformed-message",
  "unexpected-message",
  "message-too-large",
  "limit-exceeded",
  "bad-record",
  "bad-signature",
  "bad-finished",
  "client-certificate-required",
  "client-certificate-refused",
  "cancelled",
] as const satisfies readonly FailureCode[];

const schemes: readonly TargetScheme[] = SCHEMES;
const EMPTY_REASONS = [
  "not-configured",
  "no-accepted-issuer",
  "no-accepted-key-type",
  "no-accepted-scheme",
  "no-accepted-signature",
  "cannot-sign",
] as const satisfies readonly EmptyAnswerReason[];

const requestText = z.string().max(512).nullable();
const request = z.strictObject({
  method: z.enum(["HEAD", "GET", "upgrade"]),
  path: z.string().max(4096),
  status: z.int().min(0).max(999).nullable(),
  reason: requestText,
  location: requestText,
  strictTransportSecurity: requestText,
  server: requestText,
  // records of earlier versions have none
  date: requestText.default(null),
  expectStatus: z.array(z.int()).max(100),
  failure: requestText,
  timeMs: z.number().nonnegative(),
});

const port = z.int().min(1).max(65_535);
const bytes = z.base64().max(Math.ceil((LIMITS.messageLength * 4) / 3) + 4);
const milliseconds = z.number().nonnegative().nullable();
const name = z.string().max(256).nullable();
const count = z.int().nonnegative();
const hexadecimal = z.string().regex(/^(?:[0-9a-f]{2}){0,65535}$/);

const alert = z.strictObject({
  direction: z.enum(["received", "sent"]),
  level: z.enum(["warning", "fatal", "unknown"]),
  code: z.int().min(0).max(255),
  description: z.string().max(64),
});

const MESSAGES = [
  "HelloRetryRequest",
  "ServerHello",
  "EncryptedExtensions",
  "CertificateRequest",
  "Certificate",
  "NewSessionTicket",
] as const satisfies readonly ExtendedMessage[];

const extension = z.strictObject({
  message: z.enum(MESSAGES),
  certificate: count.nullable(),
  code: z.int().min(0).max(65_535),
  name: z.string().max(64),
  length: count,
});

const keyExchange = z.strictObject({
  kind: z.enum(["ecdhe", "dhe", "hybrid", "rsa"]),
  group: name,
  bits: count.nullable(),
  field: z.strictObject({ prime: hexadecimal, generator: hexadecimal }).nullable().default(null),
});

const serverHello = z.strictObject({
  sessionIdLength: count,
  sessionIdEchoed: z.boolean(),
  compression: z.string().max(16),
  secureRenegotiation: z.boolean().nullable(),
  extendedMasterSecret: z.boolean().nullable(),
  encryptThenMac: z.boolean().nullable(),
  ticketPromised: z.boolean().nullable(),
  time: z.iso.datetime().nullable().default(null),
});

const ticket = z.strictObject({
  lifetime: count,
  length: count,
  maxEarlyData: count.nullable(),
});

const end = z.strictObject({
  by: z.enum(["server", "client"]),
  how: z.enum(["close-notify", "alert", "closed", "reset", "abandoned"]),
  afterMs: milliseconds,
});

/** The shape of a saved handshake: the record itself with bytes in base64. */
export const HandshakeJson = z.strictObject({
  format: z.enum([FORMAT, FORMER_FORMAT]),
  endpoint: z.strictObject({ scheme: z.enum(schemes), host: z.string().min(1).max(255), port }),
  serverName: name,
  address: z.union([z.ipv4(), z.string().regex(/^[0-9a-f:.]{2,45}(?:%\S{1,32})?$/i)]).nullable(),
  dialledPort: port,
  proxy: z
    .strictObject({
      kind: z.enum(["http", "https", "socks5", "socks5h"]),
      host: z.string().min(1).max(255),
      port,
      reply: z.strictObject({ status: count, reason: z.string().max(512) }).nullable(),
    })
    .nullable()
    .default(null),
  hello: z.enum(["wide", "custom", ...HELLO_NAMES]).default("wide"),
  startedAt: z.iso.datetime(),
  outcome: z.enum(["complete", "failed"]),
  stage: z.enum(STAGES),
  failure: z
    .strictObject({ code: z.enum(FAILURE_CODES), message: z.string().max(4096) })
    .nullable(),
  alert: alert.nullable(),
  alerts: z.array(alert).max(LIMITS.alertsKept).default([]),
  end: end.nullable().default(null),
  version: name,
  cipherSuite: name,
  group: name,
  keyExchange: keyExchange.nullable().default(null),
  retry: z.strictObject({ group: name, cookieLength: count.nullable() }).nullable().default(null),
  serverHello: serverHello.nullable().default(null),
  extensions: z.array(extension).max(LIMITS.extensionsKept).default([]),
  signatureScheme: name,
  alpn: name,
  clientCertificateRequested: z.boolean(),
  certificateRequest: z
    .strictObject({
      authorities: z.array(bytes).max(LIMITS.authorities),
      certificateTypes: z.array(z.string().max(64)).max(255).default([]),
      signatureSchemes: z.array(z.string().max(64)).max(32_767),
      certificateSignatureSchemes: z.array(z.string().max(64)).max(32_767).nullable().default(null),
      oidFilters: z
        .array(z.strictObject({ oid: z.string().max(520), values: bytes }))
        .max(LIMITS.oidFilters)
        .default([]),
    })
    .nullable(),
  clientCertificateAnswer: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("sent"), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
      z.strictObject({ kind: z.literal("empty"), reason: z.enum(EMPTY_REASONS) }),
    ])
    .nullable()
    .default(null),
  clientAuth: z.enum(["none", "optional", "required"]).nullable().default(null),
  certificates: z.array(bytes).max(LIMITS.certificates),
  certificateCompression: name.default(null),
  ocspStaple: bytes.nullable(),
  signedCertificateTimestamps: z.array(bytes).max(LIMITS.timestamps).default([]),
  tickets: z.array(ticket).max(LIMITS.tickets).default([]),
  dialog: z
    .array(
      z.strictObject({
        direction: z.enum(["sent", "received"]),
        text: z.string().max(DIALOG_LIMITS.shownLength),
      }),
    )
    .max(DIALOG_LIMITS.shownLines)
    .readonly()
    .nullable()
    .default(null),
  firstBytes: bytes.nullable(),
  phases: z.strictObject({
    dns: milliseconds,
    connect: milliseconds,
    proxy: milliseconds.default(null),
    dialog: milliseconds.default(null),
    hello: milliseconds,
    complete: milliseconds,
  }),
  request: request.nullable().default(null),
});

/** A saved handshake. */
export type HandshakeJson = z.infer<typeof HandshakeJson>;

/** Why something is not a saved handshake. */
export interface HandshakeJsonError {
  readonly code: "handshake-invalid";
  /** Names the first field that is wrong. */
  readonly message: string;
}

/** Turns a handshake into plain JSON values, for judging it later or elsewhere. */
export function handshakeToJson(handshake: Handshake): HandshakeJson {
  const { certificateRequest, certificates, ocspStaple, firstBytes, ...rest } = handshake;
  return {
    format: FORMAT,
    ...rest,
    alerts: [...handshake.alerts],
    extensions: [...handshake.extensions],
    signedCertificateTimestamps: handshake.signedCertificateTimestamps.map(encode),
    tickets: [...handshake.tickets],
    certificateRequest:
      certificateRequest === null
        ? null
        : {
            authorities: certificateRequest.authorities.map(encode),
            certificateTypes: [...certificateRequest.certificateTypes],
            signatureSchemes: [...certificateRequest.signatureSchemes],
            certificateSignatureSchemes:
              certificateRequest.certificateSignatureSchemes === null
                ? null
                : [...certificateRequest.certificateSignatureSchemes],
            oidFilters: certificateRequest.oidFilters.map(({ oid, values }) => ({
              oid,
              values: encode(values),
            })),
          },
    certificates: certificates.map(encode),
    ocspStaple: ocspStaple === null ? null : encode(ocspStaple),
    firstBytes: firstBytes === null ? null : encode(firstBytes),
    request:
      handshake.request === null
        ? null
        : { ...handshake.request, expectStatus: [...handshake.request.expectStatus] },
  };
}

/** Reads a saved handshake back, from parsed JSON of any origin. */
export function handshakeFromJson(json: unknown): Result<Handshake, HandshakeJsonError> {
  const parsed = HandshakeJson.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue === undefined ? "" : issue.path.join(".");
    const where = field === "" ? "Saved handshake" : `Saved handshake, field ${field}`;
    return fail({
      code: "handshake-invalid",
      message: `${where}: ${(issue?.message ?? "unreadable").slice(0, 300)}`,
    });
  }
  const {
    format: _format,
    certificateRequest,
    certificates,
    ocspStaple,
    firstBytes,
    ...rest
  } = parsed.data;
  return ok({
    ...rest,
    signedCertificateTimestamps: rest.signedCertificateTimestamps.map(decode),
    certificateRequest:
      certificateRequest === null
        ? null
        : {
            ...certificateRequest,
            authorities: certificateRequest.authorities.map(decode),
            oidFilters: certificateRequest.oidFilters.map(({ oid, values }) => ({
              oid,
              values: decode(values),
            })),
          },
    certificates: certificates.map(decode),
    ocspStaple: ocspStaple === null ? null : decode(ocspStaple),
    firstBytes: firstBytes === null ? null : decode(firstBytes),
  });
}

function encode(bytesOfField: Uint8Array): string {
  return Buffer.from(
    bytesOfField.buffer,
    bytesOfField.byteOffset,
    bytesOfField.byteLength,
  ).toString("base64");
}

function decode(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}
