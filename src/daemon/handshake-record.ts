import { hash } from "node:crypto";
import * as z from "zod";
import type { Handshake } from "../probe/handshake.ts";

/** A handshake as the history keeps it: without times, and with its certificates kept apart. */
export interface HandshakeRecord {
  /** SHA-256 of `body`: equal answers have equal digests. */
  readonly digest: Buffer;
  /** JSON. */
  readonly body: string;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** SHA-256 of a certificate, as the history identifies it. */
export const fingerprintOf = (der: Uint8Array): Buffer => hash("sha256", der, "buffer");

/** Turns a handshake into its record. */
export function handshakeRecord(handshake: Handshake): HandshakeRecord {
  const { startedAt: _when, phases: _durations, certificates, ...facts } = handshake;
  const body = JSON.stringify({
    ...facts,
    certificateRequest: facts.certificateRequest && {
      ...facts.certificateRequest,
      authorities: facts.certificateRequest.authorities.map(base64),
    },
    ocspStaple: facts.ocspStaple && base64(facts.ocspStaple),
    firstBytes: facts.firstBytes && base64(facts.firstBytes),
    certificates: certificates.map((der) => fingerprintOf(der).toString("hex")),
  });
  return { digest: hash("sha256", body, "buffer"), body };
}

const Bytes = z.base64().transform((text): Uint8Array => Buffer.from(text, "base64"));

const Body = z.looseObject({
  certificateRequest: z
    .object({ authorities: z.array(Bytes), signatureSchemes: z.array(z.string()) })
    .nullable(),
  ocspStaple: Bytes.nullable(),
  firstBytes: Bytes.nullable(),
  certificates: z.array(z.string()),
});

/**
 * The handshake of a record, for judging it again; null when the record is damaged or a certificate is gone.
 * @param at milliseconds since 1970: when it was seen
 * @param certificate DER by SHA-256 in hexadecimal
 */
export function handshakeOf(
  body: string,
  at: number,
  certificate: (sha256: string) => Uint8Array | undefined,
): Handshake | null {
  let data: unknown;
  try {
    data = JSON.parse(body);
  } catch {
    return null;
  }
  const parsed = Body.safeParse(data);
  if (!parsed.success) return null;
  const certificates = parsed.data.certificates.flatMap((sha256) => certificate(sha256) ?? []);
  if (certificates.length < parsed.data.certificates.length) return null;
  const facts = parsed.data as unknown as Omit<Handshake, "startedAt" | "phases" | "certificates">;
  return {
    ...facts,
    certificates,
    startedAt: new Date(at).toISOString(),
    phases: { dns: null, connect: null, hello: null, complete: null },
  };
}
