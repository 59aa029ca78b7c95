import type { Certificate, CertificateError } from "../../x509/certificate.ts";
import { parseCrl, type RevocationList } from "../../x509/crl.ts";
import { type OcspResponse, parseOcspResponse } from "../../x509/ocsp.ts";
import type { Result } from "../../x509/result.ts";

/** A list or response that was given, read or not. */
type Read<T> = Result<T, CertificateError>;

/** Lists and responses that a verdict may rest on. */
export interface RevocationEvidence {
  readonly lists: readonly Read<RevocationList>[];
  readonly responses: readonly Read<OcspResponse>[];
}

/** What stands around a certificate whose status is asked for. */
export interface RevocationContext {
  readonly evidence: RevocationEvidence;
  /** The path that the certificate belongs to, leaf first, anchor last. */
  readonly path: readonly Certificate[];
  /** Certificates besides the path that may have signed a list. */
  readonly others: readonly Certificate[];
  /** Milliseconds since 1970. */
  readonly at: number;
}

const lists = new WeakMap<Uint8Array, Read<RevocationList>>();
const responses = new WeakMap<Uint8Array, Read<OcspResponse>>();

function remembered<T>(
  memory: WeakMap<Uint8Array, Read<T>>,
  der: Uint8Array,
  parse: (der: Uint8Array) => Read<T>,
): Read<T> {
  let known = memory.get(der);
  if (known === undefined) {
    known = parse(der);
    memory.set(der, known);
  }
  return known;
}

/** Reads lists and responses; the same array is read once. */
export function readEvidence(given: {
  readonly crls?: readonly Uint8Array[] | undefined;
  readonly ocspResponses?: readonly Uint8Array[] | undefined;
}): RevocationEvidence {
  return {
    lists: (given.crls ?? []).map((der) => remembered(lists, der, parseCrl)),
    responses: (given.ocspResponses ?? []).map((der) =>
      remembered(responses, der, parseOcspResponse),
    ),
  };
}

/** Whether there is nothing to look at. */
export function isEmpty({ lists: given, responses: answers }: RevocationEvidence): boolean {
  return given.length === 0 && answers.length === 0;
}
