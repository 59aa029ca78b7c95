import { type Certificate, type CertificateError, parseCertificate } from "./certificate.ts";
import { type RevocationReason, reasonOf } from "./crl-entries.ts";
import {
  hex,
  readBitString,
  readIntegerBytes,
  readOid,
  readSmallInteger,
  readTime,
} from "./der-values.ts";
import {
  contentOf,
  DerError,
  type DerReader,
  DerWalk,
  type Element,
  encodingOf,
  inside,
  onlyElement,
  Tag,
} from "./der.ts";
import { type Extension, readExtensionList } from "./extension-list.ts";
import { type Name, readName } from "./name.ts";
import { ExtensionOid } from "./oids.ts";
import { fail, ok, type Result } from "./result.ts";
import {
  type AlgorithmIdentifier,
  readAlgorithmIdentifier,
  type SignatureAlgorithm,
  signatureAlgorithmOf,
} from "./signature-algorithm.ts";

/** Answers of a responder other than success (RFC 6960 section 4.2.1). */
export type OcspErrorStatus =
  | "malformedRequest"
  | "internalError"
  | "tryLater"
  | "sigRequired"
  | "unauthorized";

const ERROR_STATUSES: ReadonlyMap<number, OcspErrorStatus> = new Map([
  [1, "malformedRequest"],
  [2, "internalError"],
  [3, "tryLater"],
  [5, "sigRequired"],
  [6, "unauthorized"],
]);

/** Which certificate a response is about (RFC 6960 section 4.1.1); hashes and serial number in hexadecimal. */
export interface CertificateId {
  readonly hashAlgorithm: string;
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}

/** What a responder says about one certificate. */
export type OcspCertificateStatus =
  | { readonly kind: "good" }
  | {
      readonly kind: "revoked";
      /** Milliseconds since 1970. */
      readonly at: number;
      readonly reason: RevocationReason | null;
    }
  | { readonly kind: "unknown" };

/** One answer of a response. Times in milliseconds since 1970. */
export interface SingleResponse {
  readonly id: CertificateId;
  readonly status: OcspCertificateStatus;
  readonly thisUpdate: number;
  /** Null when newer information is always available. */
  readonly nextUpdate: number | null;
  readonly extensions: readonly Extension[];
}

/** Who signed a response. */
export type ResponderId =
  | { readonly kind: "name"; readonly name: Name }
  /** SHA-1 of the responder's key bits, hexadecimal. */
  | { readonly kind: "key"; readonly hash: string };

/** A basic response (RFC 6960 section 4.2.1). */
export interface BasicOcspResponse {
  readonly kind: "basic";
  readonly responder: ResponderId;
  readonly producedAt: number;
  readonly responses: readonly SingleResponse[];
  readonly extensions: readonly Extension[];
  /** Value of the nonce extension, as encoded; null without one. */
  readonly nonce: Uint8Array | null;
  /** Certificates that came with the response. */
  readonly certificates: readonly Certificate[];
  /** DER of the part that is signed. */
  readonly tbs: Uint8Array;
  readonly signatureIdentifier: AlgorithmIdentifier;
  readonly signatureAlgorithm: SignatureAlgorithm | null;
  readonly signature: Uint8Array;
}

/** What a responder answered. */
export type OcspResponse =
  | BasicOcspResponse
  | { readonly kind: "error"; readonly status: OcspErrorStatus };

const MAX_RESPONSE = 1 << 20;
const MAX_RESPONSES = 1000;
const MAX_CERTIFICATES = 32;
const BASIC_RESPONSE = "1.3.6.1.5.5.7.48.1.1";

/** Parses one DER OCSPResponse, strictly; the certificates in it are read as parseCertificate() reads them. */
export function parseOcspResponse(der: Uint8Array): Result<OcspResponse, CertificateError> {
  try {
    return ok(readResponse(der));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return fail({ code: error.code, offset: error.offset, message: error.message });
  }
}

function readResponse(der: Uint8Array): OcspResponse {
  if (der.length > MAX_RESPONSE)
    throw new DerError("length-too-large", 0, `Response of ${der.length} octets is too large`);
  const reader = inside(onlyElement(der, Tag.sequence, "an OCSPResponse"));
  const status = reader.expect(0x0a, "a response status");
  const code = readSmallInteger(status);
  const wrapped = reader.optional(Tag.constructed0);
  reader.finish("an OCSPResponse");
  if (code !== 0) {
    const error = ERROR_STATUSES.get(code);
    if (error === undefined)
      throw new DerError("value-invalid", status.start, `Response status ${code} is unassigned`);
    return { kind: "error", status: error };
  }
  if (wrapped === undefined)
    throw new DerError("value-invalid", status.start, "A successful response without content");
  const outer = inside(wrapped);
  const bytes = outer.enter(Tag.sequence, "ResponseBytes");
  outer.finish("ResponseBytes");
  const type = bytes.expect(Tag.oid, "a response type");
  if (readOid(type) !== BASIC_RESPONSE)
    throw new DerError("value-invalid", type.start, `Response type ${readOid(type)} is not basic`);
  const content = bytes.expect(Tag.octetString, "a response");
  bytes.finish("ResponseBytes");
  return readBasic(contentOf(content));
}

function readBasic(der: Uint8Array): BasicOcspResponse {
  const reader = inside(onlyElement(der, Tag.sequence, "a BasicOCSPResponse"));
  const tbs = reader.expect(Tag.sequence, "ResponseData");
  const signatureIdentifier = readAlgorithmIdentifier(
    reader.expect(Tag.sequence, "a signature algorithm"),
  );
  const signature = readBitString(reader.expect(Tag.bitString, "a signature")).bytes;
  const wrapped = reader.optional(Tag.constructed0);
  reader.finish("a BasicOCSPResponse");

  const data = inside(tbs);
  data.optional(Tag.constructed0);
  const responder = readResponder(data);
  const producedAt = generalizedTime(data, "a production time");
  const list = data.enter(Tag.sequence, "responses");
  const responses: SingleResponse[] = [];
  while (!list.done) {
    if (responses.length >= MAX_RESPONSES)
      throw new DerError("value-invalid", list.offset, `More than ${MAX_RESPONSES} responses`);
    responses.push(readSingle(inside(list.expect(Tag.sequence, "a SingleResponse"))));
  }
  const extensions = readExtensions(data);
  data.finish("ResponseData");
  return {
    kind: "basic",
    responder,
    producedAt,
    responses,
    extensions,
    nonce: extensions.find(({ oid }) => oid === ExtensionOid.ocspNonce)?.value ?? null,
    certificates: wrapped === undefined ? [] : readCertificates(inside(wrapped)),
    tbs: encodingOf(tbs),
    signatureIdentifier,
    signatureAlgorithm: signatureAlgorithmOf(signatureIdentifier),
    signature,
  };
}

function readResponder(data: DerReader): ResponderId {
  const byName = data.optional(Tag.constructed1);
  if (byName !== undefined)
    return { kind: "name", name: readName(inside(byName).expect(Tag.sequence, "a Name")) };
  const byKey = inside(data.expect(Tag.constructed2, "a responder"));
  return { kind: "key", hash: hex(contentOf(byKey.expect(Tag.octetString, "a key hash"))) };
}

function generalizedTime(reader: DerReader, what: string): number {
  return readTime(reader.expect(Tag.generalizedTime, what));
}

function readSingle(reader: DerReader): SingleResponse {
  const id = readCertificateId(reader.expect(Tag.sequence, "a CertID"));
  const status = readStatus(reader.next());
  const thisUpdate = generalizedTime(reader, "thisUpdate");
  const next = reader.optional(Tag.constructed0);
  const nextUpdate = next === undefined ? null : generalizedTime(inside(next), "nextUpdate");
  const extensions = readExtensions(reader);
  reader.finish("a SingleResponse");
  return { id, status, thisUpdate, nextUpdate, extensions };
}

function readCertificateId(element: Element): CertificateId {
  const reader = inside(element);
  const algorithm = inside(reader.expect(Tag.sequence, "a hash algorithm"));
  const hashAlgorithm = readOid(algorithm.expect(Tag.oid, "a hash algorithm"));
  const nameHash = reader.expect(Tag.octetString, "a name hash");
  const keyHash = reader.expect(Tag.octetString, "a key hash");
  const serial = reader.expect(Tag.integer, "a serial number");
  reader.finish("a CertID");
  return {
    hashAlgorithm,
    issuerNameHash: hex(contentOf(nameHash)),
    issuerKeyHash: hex(contentOf(keyHash)),
    serialNumber: hex(readIntegerBytes(serial)),
  };
}

function readStatus(element: Element): OcspCertificateStatus {
  switch (element.tag) {
    case 0x80:
      return { kind: "good" };
    case 0xa1: {
      const reader = inside(element);
      const at = generalizedTime(reader, "a revocation time");
      const wrapped = reader.optional(Tag.constructed0);
      reader.finish("RevokedInfo");
      const code = wrapped === undefined ? null : inside(wrapped).expect(0x0a, "a reason");
      return {
        kind: "revoked",
        at,
        reason: code === null ? null : reasonOf(readSmallInteger(code)),
      };
    }
    case 0x82:
      return { kind: "unknown" };
    default:
      throw new DerError("tag-unexpected", element.start, "Expected a certificate status");
  }
}

/** The explicit [1] that ends a SingleResponse and ResponseData. */
function readExtensions(reader: DerReader): readonly Extension[] {
  const wrapped = reader.optional(Tag.constructed1);
  if (wrapped === undefined) return [];
  const walk = new DerWalk(wrapped.buffer, wrapped.start);
  walk.next(wrapped.end);
  return readExtensionList(walk);
}

function readCertificates(reader: DerReader): readonly Certificate[] {
  const list = reader.enter(Tag.sequence, "certificates");
  const certificates: Certificate[] = [];
  while (!list.done) {
    if (certificates.length >= MAX_CERTIFICATES)
      throw new DerError(
        "value-invalid",
        list.offset,
        `More than ${MAX_CERTIFICATES} certificates`,
      );
    const element = list.next();
    const parsed = parseCertificate(encodingOf(element));
    if (!parsed.ok)
      throw new DerError(parsed.error.code, element.start, "A certificate is malformed");
    certificates.push(parsed.value);
  }
  return certificates;
}
