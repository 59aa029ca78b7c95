import { readOid } from "../x509/der-values.ts";
import { DerError, DerReader, encodingOf, readElement, Tag } from "../x509/der.ts";
import type { OpensslTrust } from "./truststore.ts";

/** The two parts of a `TRUSTED CERTIFICATE`. */
export interface TrustedCertificate {
  readonly der: Uint8Array;
  /** Null when the appendix cannot be read. */
  readonly trust: OpensslTrust | null;
  readonly alias: string | null;
}

/**
 * Splits OpenSSL's `TRUSTED CERTIFICATE`: a certificate, then optionally X509_CERT_AUX := SEQUENCE { SEQUENCE OF OID
 * trust OPTIONAL, [0] SEQUENCE OF OID reject OPTIONAL, UTF8String alias OPTIONAL, OCTET STRING keyid OPTIONAL, ... }.
 */
export function splitTrustedCertificate(block: Uint8Array): TrustedCertificate {
  try {
    const certificate = readElement(block, 0, block.length);
    const der = encodingOf(certificate);
    try {
      return { der, ...readAppendix(new DerReader(block, certificate.end)) };
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      return { der, trust: null, alias: null };
    }
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return { der: block, trust: null, alias: null };
  }
}

/** @throws {DerError} */
function readAppendix(reader: DerReader): Omit<TrustedCertificate, "der"> {
  if (reader.done) return { trust: { trust: null, reject: [] }, alias: null };
  const auxiliary = reader.enter(Tag.sequence, "X509_CERT_AUX");
  const trust =
    auxiliary.peek() === Tag.sequence
      ? readOids(auxiliary.enter(Tag.sequence, "trusted uses"))
      : null;
  const reject =
    auxiliary.peek() === Tag.constructed0
      ? readOids(auxiliary.enter(Tag.constructed0, "rejected uses"))
      : [];
  const alias = auxiliary.optional(Tag.utf8String);
  return {
    trust: { trust, reject },
    alias:
      alias === undefined
        ? null
        : new TextDecoder().decode(alias.buffer.subarray(alias.content, alias.end)),
  };
}

/** @throws {DerError} */
function readOids(reader: DerReader): readonly string[] {
  const oids: string[] = [];
  while (!reader.done) oids.push(readOid(reader.expect(Tag.oid, "a purpose")));
  return oids;
}
