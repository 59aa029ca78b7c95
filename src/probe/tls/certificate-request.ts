import type { CertificateRequestRecord, OidFilterRecord } from "../client-auth-record.ts";
import type { ExtensionRecord } from "../handshake.ts";
import { hex, readOid } from "../../x509/der-values.ts";
import { DerError, onlyElement, Tag } from "../../x509/der.ts";
import { Cursor } from "./cursor.ts";
import { extensionRecords, ExtensionType, readExtensions } from "./extensions.ts";
import { LIMITS } from "./limits.ts";
import { signatureSchemeName } from "./signature-schemes.ts";

/** A server's wish for a client certificate, of any version. */
export interface CertificateRequest {
  /** ClientCertificateType codes of TLS 1.2 and older; empty in TLS 1.3, which has none. */
  readonly certificateTypes: readonly number[];
  /** Accepted issuers as DER names in the order sent. */
  readonly authorities: readonly Uint8Array[];
  /** Accepted signature schemes in the order sent; null before TLS 1.2, which fixes them by the key. */
  readonly signatureSchemes: readonly number[] | null;
  /** Schemes accepted inside certificates; null where the others hold for them too. */
  readonly certificateSignatureSchemes: readonly number[] | null;
  readonly oidFilters: readonly OidFilterRecord[];
  /** Echoed in the answer; empty before TLS 1.3. */
  readonly context: Uint8Array;
}

/** Names of ClientCertificateType (IANA TLS ClientCertificateType Identifiers). */
const CERTIFICATE_TYPES: ReadonlyMap<number, string> = new Map([
  [1, "rsa_sign"],
  [2, "dss_sign"],
  [3, "rsa_fixed_dh"],
  [4, "dss_fixed_dh"],
  [5, "rsa_ephemeral_dh"],
  [6, "dss_ephemeral_dh"],
  [20, "fortezza_dms"],
  [64, "ecdsa_sign"],
  [65, "rsa_fixed_ecdh"],
  [66, "ecdsa_fixed_ecdh"],
  [67, "gost_sign256"],
  [68, "gost_sign512"],
]);

/** The code behind a name of CERTIFICATE_TYPES; undefined for names that are none. */
export function certificateTypeCode(name: string): number | undefined {
  for (const [code, known] of CERTIFICATE_TYPES) if (known === name) return code;
  return undefined;
}

/** The request as it is recorded. */
export function requestRecord(request: CertificateRequest): CertificateRequestRecord {
  const { certificateTypes, signatureSchemes, certificateSignatureSchemes } = request;
  return {
    certificateTypes: certificateTypes.map(
      (code) => CERTIFICATE_TYPES.get(code) ?? `0x${code.toString(16).padStart(2, "0")}`,
    ),
    authorities: request.authorities,
    signatureSchemes: (signatureSchemes ?? []).map(signatureSchemeName),
    certificateSignatureSchemes: certificateSignatureSchemes?.map(signatureSchemeName) ?? null,
    oidFilters: request.oidFilters,
  };
}

/**
 * Decodes a CertificateRequest of TLS 1.2 (RFC 5246 section 7.4.4), or of an older version, which has no list
 * of signature schemes. @throws {DecodeError}
 */
export function decodeCertificateRequest12(
  body: Uint8Array,
  hasSchemes = true,
): CertificateRequest {
  const cursor = new Cursor(body);
  const certificateTypes = [...cursor.vector8("certificate types")];
  const signatureSchemes = hasSchemes ? readSchemes(cursor.list16("signature schemes")) : null;
  const authorities = readAuthorities(cursor.list16("certificate authorities"));
  cursor.finish("CertificateRequest");
  return {
    certificateTypes,
    authorities,
    signatureSchemes,
    certificateSignatureSchemes: null,
    oidFilters: [],
    context: new Uint8Array(),
  };
}

/** Decodes a TLS 1.3 CertificateRequest (RFC 8446 section 4.3.2). @throws {DecodeError} */
export function decodeCertificateRequest13(body: Uint8Array): CertificateRequest {
  const cursor = new Cursor(body);
  const context = new Uint8Array(cursor.vector8("certificate request context"));
  const extensions = readExtensions(cursor, "CertificateRequest");
  cursor.finish("CertificateRequest");
  const inside = <T>(type: number, what: string, read: (list: Cursor) => T): T | null => {
    const extension = extensions.get(type);
    return extension === undefined ? null : whole(extension, what, read);
  };
  return {
    context,
    certificateTypes: [],
    signatureSchemes:
      inside(ExtensionType.signatureAlgorithms, "signature schemes", readSchemes) ?? [],
    certificateSignatureSchemes: inside(
      ExtensionType.signatureAlgorithmsCert,
      "signature schemes of certificates",
      readSchemes,
    ),
    authorities:
      inside(ExtensionType.certificateAuthorities, "certificate authorities", readAuthorities) ??
      [],
    oidFilters: inside(ExtensionType.oidFilters, "OID filters", readFilters) ?? [],
  };
}

/** The extensions of a TLS 1.3 CertificateRequest as they are recorded. @throws {DecodeError} */
export function requestExtensions13(body: Uint8Array): readonly ExtensionRecord[] {
  const cursor = new Cursor(body);
  cursor.vector8("certificate request context");
  return extensionRecords(readExtensions(cursor, "CertificateRequest"), "CertificateRequest");
}

function readAuthorities(list: Cursor): readonly Uint8Array[] {
  const authorities: Uint8Array[] = [];
  while (!list.done) {
    const name = list.vector16("certificate authority");
    if (authorities.length < LIMITS.authorities) authorities.push(new Uint8Array(name));
  }
  return authorities;
}

function readSchemes(list: Cursor): readonly number[] {
  const schemes: number[] = [];
  while (!list.done) schemes.push(list.uint16("Signature scheme"));
  return schemes;
}

/** OIDFilter (RFC 8446 section 4.2.5). */
function readFilters(list: Cursor): readonly OidFilterRecord[] {
  const filters: OidFilterRecord[] = [];
  while (!list.done) {
    const oid = list.vector8("OID of a filter", 1);
    const values = list.vector16("values of an OID filter");
    if (filters.length < LIMITS.oidFilters)
      filters.push({ oid: oidOf(oid), values: new Uint8Array(values) });
  }
  return filters;
}

/** Dotted; hexadecimal behind `#` when it is no OBJECT IDENTIFIER. */
function oidOf(der: Uint8Array): string {
  try {
    return readOid(onlyElement(der, Tag.oid, "an OID filter"));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return `#${hex(der)}`;
  }
}

function whole<T>(extension: Uint8Array, what: string, read: (list: Cursor) => T): T {
  const cursor = new Cursor(extension);
  const value = read(cursor.list16(what));
  cursor.finish(what);
  return value;
}
