import * as z from "zod";
import { fail, ok, type Result } from "../x509/result.ts";
import type { FailureCode, Handshake, HandshakeStage, TargetScheme } from "./handshake.ts";
import { DEFAULT_PORTS } from "./schemes.ts";
import { LIMITS } from "./tls/limits.ts";

/** Names the format and its version in every saved handshake. */
const FORMAT = "anchorwatch-handshake/1";

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

const FAILURES = [
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
  "not-tls",
  "connection-closed",
  "connection-reset",
  "alert-received",
  "version-unsupported",
  "parameter-unsupported",
  "malformed-message",
  "unexpected-message",
  "message-too-large",
  "bad-record",
  "bad-signature",
  "bad-finished",
  "client-certificate-required",
  "client-certificate-refused",
  "cancelled",
] as const satisfies readonly FailureCode[];

const schemes = Object.keys(DEFAULT_PORTS) as TargetScheme[];
const port = z.int().min(1).max(65_535);
const bytes = z.base64().max(Math.ceil((LIMITS.messageLength * 4) / 3) + 4);
const milliseconds = z.number().nonnegative().nullable();
const name = z.string().max(256).nullable();

/** The shape of a saved handshake: the record itself with bytes in base64. */
export const HandshakeJson = z.strictObject({
  format: z.literal(FORMAT),
  endpoint: z.strictObject({ scheme: z.enum(schemes), host: z.string().min(1).max(255), port }),
  serverName: name,
  address: z.union([z.ipv4(), z.string().regex(/^[0-9a-f:.]{2,45}(?:%\S{1,32})?$/i)]).nullable(),
  dialledPort: port,
  startedAt: z.iso.datetime(),
  outcome: z.enum(["complete", "failed"]),
  stage: z.enum(STAGES),
  failure: z.strictObject({ code: z.enum(FAILURES), message: z.string().max(4096) }).nullable(),
  alert: z
    .strictObject({
      direction: z.enum(["received", "sent"]),
      level: z.enum(["warning", "fatal", "unknown"]),
      code: z.int().min(0).max(255),
      description: z.string().max(64),
    })
    .nullable(),
  version: name,
  cipherSuite: name,
  group: name,
  signatureScheme: name,
  alpn: name,
  clientCertificateRequested: z.boolean(),
  certificateRequest: z
    .strictObject({
      authorities: z.array(bytes).max(LIMITS.authorities),
      signatureSchemes: z.array(z.string().max(64)).max(32_767),
    })
    .nullable(),
  certificates: z.array(bytes).max(LIMITS.certificates),
  ocspStaple: bytes.nullable(),
  firstBytes: bytes.nullable(),
  phases: z.strictObject({
    dns: milliseconds,
    connect: milliseconds,
    proxy: milliseconds.default(null),
    dialog: milliseconds.default(null),
    hello: milliseconds,
    complete: milliseconds,
  }),
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
    certificateRequest:
      certificateRequest === null
        ? null
        : {
            authorities: certificateRequest.authorities.map(encode),
            signatureSchemes: [...certificateRequest.signatureSchemes],
          },
    certificates: certificates.map(encode),
    ocspStaple: ocspStaple === null ? null : encode(ocspStaple),
    firstBytes: firstBytes === null ? null : encode(firstBytes),
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
    certificateRequest:
      certificateRequest === null
        ? null
        : { ...certificateRequest, authorities: certificateRequest.authorities.map(decode) },
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
