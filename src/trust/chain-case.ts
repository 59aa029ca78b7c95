import { internCertificate } from "../x509/certificate-cache.ts";
import type { Certificate } from "../x509/certificate.ts";
import {
  CERTIFICATES,
  type EncodedKind,
  OCSP_RESPONSES,
  readEncoded,
  REVOCATION_LISTS,
} from "../x509/encoded-text.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import { isProfileName, PROFILE_NAMES } from "./profile-names.ts";
import type { RevocationMode } from "./revocation/mode.ts";
import type { JudgeInput, NameCheck, Purpose } from "./verdict.ts";

/** DER, or a text of PEM blocks or base64 DER. */
export type Encoded = string | Uint8Array;

/** A chain as files and other programs hold it, with what it is judged by. */
export interface ChainCase {
  /** As sent, leaf first; at least one. */
  readonly chain: readonly Encoded[];
  /** The certificates that the client trusts, in the order of its truststore. */
  readonly anchors: readonly Encoded[];
  /** The time to judge for: a Date, or milliseconds since 1970. */
  readonly at: Date | number;
  /** Name of a client profile. @default "strict" */
  readonly profile?: string | undefined;
  /** Name or IP address that the client connects to. @default null, which checks no name */
  readonly host?: string | null | undefined;
  /** @default "https" with a host, else "none" */
  readonly nameCheck?: NameCheck | undefined;
  /** @default "server" */
  readonly purpose?: Purpose | undefined;
  /** Intermediates allowed in a built path. @default null, the client's own limit */
  readonly maxPathLength?: number | null | undefined;
  /** @default none */
  readonly crls?: readonly Encoded[] | undefined;
  /** @default none */
  readonly ocspResponses?: readonly Encoded[] | undefined;
  /** @default revocation is checked where lists are given */
  readonly revocation?: RevocationMode | undefined;
}

/** What is wrong with a case. */
export interface ChainCaseError {
  readonly code: "field-invalid" | "certificate-invalid";
  /** Name of the field, with the index in a list: `anchors.2`. */
  readonly field: string;
  readonly message: string;
}

/** Reads a case into what the judges take. */
export function readChainCase(data: ChainCase): Result<JudgeInput, ChainCaseError> {
  const profile = data.profile ?? "strict";
  if (!isProfileName(profile))
    return invalid(
      "profile",
      `${JSON.stringify(profile)} is unknown; known are ${PROFILE_NAMES.join(", ")}`,
    );
  const at = Number(data.at);
  if (!Number.isFinite(at)) return invalid("at", "Not a time");
  if (data.chain.length === 0) return invalid("chain", "Holds no certificate");
  const chain = readAll(data.chain, "chain", CERTIFICATES);
  if (!chain.ok) return chain;
  const anchors = readAnchors(data.anchors);
  if (!anchors.ok) return anchors;
  const crls = readAll(data.crls ?? [], "crls", REVOCATION_LISTS);
  if (!crls.ok) return crls;
  const ocspResponses = readAll(data.ocspResponses ?? [], "ocspResponses", OCSP_RESPONSES);
  if (!ocspResponses.ok) return ocspResponses;
  const host = data.host ?? null;
  return ok({
    profile,
    chain: chain.value,
    anchors: anchors.value,
    host,
    nameCheck: data.nameCheck ?? (host === null ? "none" : "https"),
    purpose: data.purpose ?? "server",
    at,
    version: null,
    cipherSuite: null,
    maxPathLength: data.maxPathLength ?? null,
    crls: crls.value,
    ocspResponses: ocspResponses.value,
    revocation: data.revocation,
  });
}

function invalid(field: string, message: string): Result<never, ChainCaseError> {
  return fail({ code: "field-invalid", field, message });
}

function readAnchors(encoded: readonly Encoded[]): Result<readonly Certificate[], ChainCaseError> {
  const encodings = readAll(encoded, "anchors", CERTIFICATES);
  if (!encodings.ok) return encodings;
  const anchors: Certificate[] = [];
  for (const [index, der] of encodings.value.entries()) {
    const parsed = internCertificate(der);
    if (!parsed.ok)
      return fail({
        code: "certificate-invalid",
        field: `anchors.${index}`,
        message: parsed.error.message,
      });
    anchors.push(parsed.value);
  }
  return ok(anchors);
}

function readAll(
  encoded: readonly Encoded[],
  field: keyof ChainCase,
  kind: EncodedKind,
): Result<readonly Uint8Array[], ChainCaseError> {
  const encodings: Uint8Array[] = [];
  for (const [index, one] of encoded.entries()) {
    const read = typeof one === "string" ? readEncoded(one, kind) : ok([one]);
    if (!read.ok)
      return fail({
        code: kind === CERTIFICATES ? "certificate-invalid" : "field-invalid",
        field: `${field}.${index}`,
        message: read.error,
      });
    encodings.push(...read.value);
  }
  return ok(encodings);
}
