import { hash } from "node:crypto";
import type { CertificateError } from "./certificate.ts";
import { CrlEntries, type RevokedEntry } from "./crl-entries.ts";
import { readBitString, readIntegerBytes, readSmallInteger, readTime } from "./der-values.ts";
import { DerError, DerWalk, encodingOf, inside, onlyElement, Tag } from "./der.ts";
import { type IssuingDistributionPoint, issuingDistributionPoint } from "./distribution-points.ts";
import { type Extension, readExtensionList } from "./extension-list.ts";
import { type Decoded, decodeExtension } from "./extensions.ts";
import { type Name, readName } from "./name.ts";
import { ExtensionOid } from "./oids.ts";
import { fail, ok, type Result } from "./result.ts";
import {
  type AlgorithmIdentifier,
  algorithmsEqual,
  readAlgorithmIdentifier,
  type SignatureAlgorithm,
  signatureAlgorithmOf,
} from "./signature-algorithm.ts";

/** A certificate revocation list as data (RFC 5280 section 5.1). */
export interface RevocationList {
  readonly der: Uint8Array;
  /** SHA-256 of `der`, lower-case hexadecimal. */
  readonly sha256: string;
  readonly version: 1 | 2;
  readonly issuer: Name;
  /** Milliseconds since 1970. */
  readonly thisUpdate: number;
  /** Milliseconds since 1970; null when the list does not say when the next one comes. */
  readonly nextUpdate: number | null;
  readonly extensions: readonly Extension[];
  /** Which of its issuer's lists this is (RFC 5280 section 5.2.3). */
  readonly number: Decoded<bigint>;
  readonly scope: Decoded<IssuingDistributionPoint>;
  /** Whether the list only says what changed since another one (RFC 5280 section 5.2.4). */
  readonly isDelta: boolean;
  /** How many certificates are revoked. */
  readonly size: number;
  /** Whether some entry has a critical extension that RFC 5280 section 5.3 does not describe. */
  readonly criticalInEntries: boolean;
  /** Entries with the given serial number (content octets in hexadecimal), decoded now; of any certificate issuer. */
  readonly find: (serialNumber: string) => readonly RevokedEntry[];
  /** Every entry in order, each decoded when its turn comes. */
  readonly entries: () => Iterable<RevokedEntry>;
  /** DER of the part that is signed. */
  readonly tbs: Uint8Array;
  readonly signatureIdentifier: AlgorithmIdentifier;
  /** Null when the algorithm is not known. */
  readonly signatureAlgorithm: SignatureAlgorithm | null;
  readonly signature: Uint8Array;
}

/** Lists of the largest authorities have some tens of megabytes. */
const MAX_LIST = 256 << 20;

/** Parses one DER revocation list, strictly. Entries are counted, and decoded only when they are asked for. */
export function parseCrl(der: Uint8Array): Result<RevocationList, CertificateError> {
  try {
    return ok(readCrl(der));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return fail({ code: error.code, offset: error.offset, message: error.message });
  }
}

function readCrl(der: Uint8Array): RevocationList {
  if (der.length > MAX_LIST)
    throw new DerError("length-too-large", 0, `List of ${der.length} octets is too large`);
  const buffer = Buffer.isBuffer(der)
    ? der
    : Buffer.from(der.buffer, der.byteOffset, der.byteLength);
  const outer = inside(onlyElement(buffer, Tag.sequence, "a CertificateList"));
  const tbs = outer.expect(Tag.sequence, "a TBSCertList");
  const signatureIdentifier = readAlgorithmIdentifier(
    outer.expect(Tag.sequence, "a signature algorithm"),
  );
  const signature = readBitString(outer.expect(Tag.bitString, "a signature")).bytes;
  outer.finish("a CertificateList");

  const reader = inside(tbs);
  const number = reader.optional(Tag.integer);
  if (number !== undefined && readSmallInteger(number) !== 1)
    throw new DerError("value-invalid", number.start, "Version of a list is not 2");
  const inner = readAlgorithmIdentifier(reader.expect(Tag.sequence, "a signature algorithm"));
  if (!algorithmsEqual(inner, signatureIdentifier))
    throw new DerError("value-invalid", tbs.start, "The two signature algorithms differ");
  const issuer = readName(reader.expect(Tag.sequence, "an issuer"));
  const thisUpdate = readTime(reader.next());
  const hasNext = reader.peek() === Tag.utcTime || reader.peek() === Tag.generalizedTime;
  const nextUpdate = hasNext ? readTime(reader.next()) : null;
  const revoked = reader.optional(Tag.sequence);
  const wrapped = reader.optional(Tag.constructed0);
  reader.finish("a TBSCertList");
  const extensions = wrapped === undefined ? [] : readExtensionList(walkAt(buffer, wrapped.start));
  const scope = issuingDistributionPoint(extensions);
  const isIndirect = scope.state === "present" && scope.value.indirect;
  const entries =
    revoked === undefined
      ? CrlEntries.none(buffer)
      : CrlEntries.read(buffer, revoked, isIndirect ? issuer : null);
  return {
    der,
    sha256: hash("sha256", buffer, "hex"),
    version: number === undefined ? 1 : 2,
    issuer,
    thisUpdate,
    nextUpdate,
    extensions,
    number: decodeExtension(extensions, ExtensionOid.crlNumber, readNumber),
    scope,
    isDelta: extensions.some(({ oid }) => oid === ExtensionOid.deltaCrlIndicator),
    size: entries.size,
    criticalInEntries: entries.criticalInEntries,
    find: (serialNumber) => entries.find(serialNumber),
    entries: () => entries.all(),
    tbs: encodingOf(tbs),
    signatureIdentifier,
    signatureAlgorithm: signatureAlgorithmOf(signatureIdentifier),
    signature,
  };
}

function walkAt(buffer: Uint8Array, offset: number): DerWalk {
  const walk = new DerWalk(buffer, offset);
  walk.next(buffer.length);
  return walk;
}

/** CRLNumber: not negative, at most 20 octets (RFC 5280 section 5.2.3). */
function readNumber(value: Uint8Array): bigint {
  const octets = readIntegerBytes(onlyElement(value, Tag.integer, "a CRLNumber"));
  if ((octets[0] ?? 0) >= 0x80 || octets.length > 20)
    throw new DerError("value-invalid", 0, "CRLNumber is negative or longer than 20 octets");
  return BigInt(`0x${Buffer.from(octets).toString("hex")}`);
}
