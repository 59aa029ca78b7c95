import { hash } from "node:crypto";
import * as z from "zod";
import { handshakeFromJson, handshakeToJson } from "../probe/handshake-json.ts";
import { type Handshake, NO_PHASES } from "../probe/handshake.ts";

/**
 * A handshake as the history keeps it: without times and the words of a dialog, which differ from
 * one conversation to the next, and with its certificates kept apart.
 */
export interface HandshakeRecord {
  /** SHA-256 of `body`: equal answers have equal digests. */
  readonly digest: Buffer;
  /** JSON. */
  readonly body: string;
}

/** SHA-256 of a certificate, as the history identifies it. */
export const fingerprintOf = (der: Uint8Array): Buffer => hash("sha256", der, "buffer");

/** Turns a handshake into its record. */
export function handshakeRecord(handshake: Handshake): HandshakeRecord {
  const { certificates } = handshake;
  const json = handshakeToJson({ ...handshake, certificates: [] });
  const {
    startedAt: _when,
    phases: _durations,
    dialog: _greeting,
    end,
    request,
    serverHello,
    ...rest
  } = json;
  const facts = {
    ...rest,
    serverHello: serverHello === null ? null : { ...serverHello, time: null },
    end: end === null ? null : { ...end, afterMs: null },
    request: request === null ? null : { ...request, date: null, timeMs: 0 },
  };
  const fingerprints = certificates.map((der) => fingerprintOf(der).toString("hex"));
  const body = JSON.stringify({ ...facts, certificates: fingerprints });
  return { digest: hash("sha256", body, "buffer"), body };
}

const Chain = z.looseObject({ certificates: z.array(z.string()), version: z.string().nullish() });

/** The certificates of a record by SHA-256, and its version, without reading the rest; empty when it is damaged. */
export function chainOf(body: string): {
  readonly fingerprints: readonly string[];
  readonly version: string | null;
} {
  const read = Chain.safeParse(parsedJson(body));
  return read.success
    ? { fingerprints: read.data.certificates, version: read.data.version ?? null }
    : { fingerprints: [], version: null };
}

const Fingerprints = z.looseObject({ certificates: z.array(z.string()) });

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
  const facts = Fingerprints.safeParse(parsedJson(body));
  if (!facts.success) return null;
  const fingerprints = facts.data.certificates;
  const certificates = fingerprints.flatMap((sha256) => certificate(sha256) ?? []);
  if (certificates.length < fingerprints.length) return null;
  const read = handshakeFromJson({
    ...facts.data,
    certificates: [],
    startedAt: new Date(at).toISOString(),
    phases: NO_PHASES,
  });
  return read.ok ? { ...read.value, certificates } : null;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
