import { Cursor } from "./cursor.ts";
import { ExtensionType, readExtensions } from "./extensions.ts";
import { LIMITS } from "./limits.ts";

/** A server's wish for a client certificate, of either version. */
export interface CertificateRequest {
  /** Accepted issuers as DER names in the order sent. */
  readonly authorities: readonly Uint8Array[];
  /** Accepted signature schemes in the order sent. */
  readonly signatureSchemes: readonly number[];
  /** Echoed in the answer; empty in TLS 1.2. */
  readonly context: Uint8Array;
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

/** Decodes a TLS 1.2 CertificateRequest (RFC 5246 section 7.4.4). @throws {DecodeError} */
export function decodeCertificateRequest12(body: Uint8Array): CertificateRequest {
  const cursor = new Cursor(body);
  cursor.vector8("certificate types");
  const signatureSchemes = readSchemes(cursor.list16("signature schemes"));
  const authorities = readAuthorities(cursor.list16("certificate authorities"));
  cursor.finish("CertificateRequest");
  return { authorities, signatureSchemes, context: new Uint8Array() };
}

/** Decodes a TLS 1.3 CertificateRequest (RFC 8446 section 4.3.2). @throws {DecodeError} */
export function decodeCertificateRequest13(body: Uint8Array): CertificateRequest {
  const cursor = new Cursor(body);
  const context = new Uint8Array(cursor.vector8("certificate request context"));
  const extensions = readExtensions(cursor, "CertificateRequest");
  cursor.finish("CertificateRequest");
  const schemes = extensions.get(ExtensionType.signatureAlgorithms);
  const authorities = extensions.get(ExtensionType.certificateAuthorities);
  return {
    context,
    signatureSchemes: schemes === undefined ? [] : whole(schemes, "signature schemes", readSchemes),
    authorities:
      authorities === undefined
        ? []
        : whole(authorities, "certificate authorities", readAuthorities),
  };
}

function whole<T>(extension: Uint8Array, what: string, read: (list: Cursor) => T): T {
  const cursor = new Cursor(extension);
  const value = read(cursor.list16(what));
  cursor.finish(what);
  return value;
}
