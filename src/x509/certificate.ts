import { hash } from "node:crypto";
import {
  bytesEqual,
  hex,
  readBitString,
  readIntegerBytes,
  readSmallInteger,
  readTime,
} from "./der-values.ts";
import {
  DerError,
  type DerErrorCode,
  type DerReader,
  encodingOf,
  inside,
  onlyElement,
  Tag,
} from "./der.ts";
import { type Extension, readExtensions } from "./extensions.ts";
import { type Name, readName } from "./name.ts";
import { type PublicKeyInfo, readPublicKeyInfo } from "./public-key.ts";
import { fail, ok, type Result } from "./result.ts";
import {
  type AlgorithmIdentifier,
  algorithmsEqual,
  readAlgorithmIdentifier,
  type SignatureAlgorithm,
  signatureAlgorithm,
} from "./signature-algorithm.ts";

/** Something a certificate should not contain although it can be read (RFC 5280 section 4.1). */
export type CertificateAnomaly =
  | "serial-negative"
  | "serial-zero"
  | "serial-too-long"
  | "signature-algorithm-mismatch"
  | "duplicate-extension"
  | "extensions-before-version-3"
  | "empty-issuer"
  | "validity-inverted";

/** An X.509 certificate as data (RFC 5280 section 4.1). Byte fields are views of `der`. */
export interface Certificate {
  readonly der: Uint8Array;
  /** SHA-256 of `der`, lower-case hexadecimal: the identity of the certificate. */
  readonly sha256: string;
  readonly version: 1 | 2 | 3;
  /** Content octets of the serial number, lower-case hexadecimal. */
  readonly serialNumber: string;
  readonly issuer: Name;
  readonly subject: Name;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  /** Milliseconds since 1970; the certificate is valid up to and including this moment. */
  readonly notAfter: number;
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly publicKey: PublicKeyInfo;
  readonly extensions: readonly Extension[];
  /** DER of the part that is signed. */
  readonly tbs: Uint8Array;
  readonly signatureIdentifier: AlgorithmIdentifier;
  /** Null when the algorithm is not known. */
  readonly signatureAlgorithm: SignatureAlgorithm | null;
  readonly signature: Uint8Array;
  readonly anomalies: readonly CertificateAnomaly[];
}

/** Why bytes are not a certificate: the rule, the offset and a sentence. */
export interface CertificateError {
  readonly code: DerErrorCode;
  readonly offset: number;
  readonly message: string;
}

const MAX_CERTIFICATE = 1 << 20;

/** Parses one DER certificate, strictly; what is merely unusual is listed in `anomalies`. */
export function parseCertificate(der: Uint8Array): Result<Certificate, CertificateError> {
  try {
    return ok(readCertificate(der));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return fail({ code: error.code, offset: error.offset, message: error.message });
  }
}

function readCertificate(der: Uint8Array): Certificate {
  if (der.length > MAX_CERTIFICATE)
    throw new DerError("length-too-large", 0, `Certificate of ${der.length} octets is too large`);
  const outer = inside(onlyElement(der, Tag.sequence, "a Certificate"));
  const tbs = outer.expect(Tag.sequence, "a TBSCertificate");
  const signatureIdentifier = readAlgorithmIdentifier(
    outer.expect(Tag.sequence, "a signature algorithm"),
  );
  const signature = readBitString(outer.expect(Tag.bitString, "a signature")).bytes;
  outer.finish("a Certificate");

  const reader = inside(tbs);
  const version = readVersion(reader);
  const serial = readIntegerBytes(reader.expect(Tag.integer, "a serial number"));
  const innerIdentifier = readAlgorithmIdentifier(
    reader.expect(Tag.sequence, "a signature algorithm"),
  );
  const issuer = readName(reader.expect(Tag.sequence, "an issuer"));
  const validity = reader.enter(Tag.sequence, "a validity");
  const notBefore = readTime(validity.next());
  const notAfter = readTime(validity.next());
  validity.finish("a validity");
  const subject = readName(reader.expect(Tag.sequence, "a subject"));
  const spki = reader.expect(Tag.sequence, "a SubjectPublicKeyInfo");
  const publicKey = readPublicKeyInfo(spki);
  reader.optional(Tag.context1);
  reader.optional(Tag.context2);
  const wrapped = reader.optional(Tag.constructed3);
  const extensions = wrapped === undefined ? [] : readExtensions(wrapped);
  reader.finish("a TBSCertificate");

  return {
    der,
    sha256: hash("sha256", der, "hex"),
    version,
    serialNumber: hex(serial),
    issuer,
    subject,
    notBefore,
    notAfter,
    spki: encodingOf(spki),
    publicKey,
    extensions,
    tbs: encodingOf(tbs),
    signatureIdentifier,
    signatureAlgorithm: signatureAlgorithm(signatureIdentifier),
    signature,
    anomalies: [
      ...serialAnomalies(serial),
      ...(algorithmsEqual(signatureIdentifier, innerIdentifier)
        ? []
        : (["signature-algorithm-mismatch"] as const)),
      ...(new Set(extensions.map(({ oid }) => oid)).size < extensions.length
        ? (["duplicate-extension"] as const)
        : []),
      ...(extensions.length > 0 && version < 3 ? (["extensions-before-version-3"] as const) : []),
      ...(issuer.rdns.length === 0 ? (["empty-issuer"] as const) : []),
      ...(notAfter < notBefore ? (["validity-inverted"] as const) : []),
    ],
  };
}

function readVersion(reader: DerReader): 1 | 2 | 3 {
  const wrapped = reader.optional(Tag.constructed0);
  if (wrapped === undefined) return 1;
  const number = inside(wrapped).expect(Tag.integer, "a version");
  switch (readSmallInteger(number)) {
    case 0:
      return 1;
    case 1:
      return 2;
    case 2:
      return 3;
    default:
      throw new DerError("value-invalid", number.start, "Certificate version is not 1, 2 or 3");
  }
}

function serialAnomalies(serial: Uint8Array): readonly CertificateAnomaly[] {
  const anomalies: CertificateAnomaly[] = [];
  if ((serial[0] ?? 0) >= 0x80) anomalies.push("serial-negative");
  if (serial.every((octet) => octet === 0)) anomalies.push("serial-zero");
  // RFC 5280 section 4.1.2.2 allows 20 octets
  if (serial.length > 20) anomalies.push("serial-too-long");
  return anomalies;
}

/** Whether issuer and subject carry the same encoded name. */
export function isSelfIssued(certificate: Certificate): boolean {
  return bytesEqual(certificate.issuer.der, certificate.subject.der);
}

/** Whether two certificates have the same subject public key. */
export function sameKey(a: Certificate, b: Certificate): boolean {
  return bytesEqual(a.spki, b.spki);
}
