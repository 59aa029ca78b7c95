import { bytesEqual } from "../der-values.ts";
import { Tag } from "../der.ts";
import { GO_EXTENSIONS, isGoBoolean } from "./go-extensions.ts";
import { checkGoKey, readGoAlgorithm } from "./go-key.ts";
import {
  goBits,
  GoComplaint,
  type GoElement,
  goInteger,
  goOid,
  goSmallInteger,
  GoString,
  goStringComplaint,
  isGoTime,
} from "./go-values.ts";

/**
 * What x509.ParseCertificate says about octets that it does not take for a certificate; null when it reads them.
 * Source: crypto/x509/parser.go of Go 1.19, measured against it.
 */
export function goRefusal(der: Uint8Array): string | null {
  try {
    readCertificate(der);
    return null;
  } catch (error) {
    if (error instanceof GoComplaint) return error.message;
    throw error;
  }
}

/** The next element of a tag, with its header. @throws {GoComplaint} */
function element(input: GoString, tag: number, complaint: string): GoElement {
  const found = input.any();
  if (found?.tag !== tag) throw new GoComplaint(complaint);
  return found;
}

function readCertificate(der: Uint8Array): void {
  const whole = element(new GoString(der), Tag.sequence, "x509: malformed certificate");
  const outer = new GoString(whole.content);
  const tbs = outer.expect(Tag.sequence, "x509: malformed tbs certificate");
  const version = readVersion(tbs);
  if (goInteger(tbs.read(Tag.integer)) === null)
    throw new GoComplaint("x509: malformed serial number");
  const inner = tbs.expect(Tag.sequence, "x509: malformed signature algorithm identifier");
  const given = outer.expect(Tag.sequence, "x509: malformed algorithm identifier");
  if (!bytesEqual(given.bytes, inner.bytes))
    throw new GoComplaint("x509: inner and outer signature algorithm identifiers don't match");
  readGoAlgorithm(inner);
  checkName(tbs);
  const validity = tbs.expect(Tag.sequence, "x509: malformed validity");
  checkTime(validity);
  checkTime(validity);
  checkName(tbs);
  checkSpki(tbs.expect(Tag.sequence, "x509: malformed spki"));
  if (version > 1) readTail(tbs, version);
  if (goBits(outer.read(Tag.bitString)) === null)
    throw new GoComplaint("x509: malformed signature");
  if (whole.whole.length !== der.length) throw new GoComplaint("x509: trailing data");
}

function readVersion(tbs: GoString): number {
  if (!tbs.sees(Tag.constructed0)) return 1;
  const malformed = "x509: malformed version";
  const wrapped = tbs.expect(Tag.constructed0, malformed);
  const number = goSmallInteger(wrapped.read(Tag.integer));
  if (number === null || !wrapped.isEmpty || number < 0n) throw new GoComplaint(malformed);
  // the version is counted from 1 after this, and the largest number becomes the least
  if (number === 2n ** 63n - 1n) return 0;
  if (number > 2n) throw new GoComplaint("x509: invalid version");
  return Number(number) + 1;
}

function checkName(tbs: GoString): void {
  const name = tbs.expect(Tag.sequence, "x509: malformed issuer");
  const invalid = "x509: invalid RDNSequence";
  while (!name.isEmpty) {
    const set = name.expect(Tag.set, invalid);
    while (!set.isEmpty) {
      const pair = set.expect(Tag.sequence, `${invalid}: invalid attribute`);
      if (goOid(pair.read(Tag.oid)) === null)
        throw new GoComplaint(`${invalid}: invalid attribute type`);
      const value = pair.any();
      const problem = value === null ? "" : goStringComplaint(value);
      if (problem !== null)
        throw new GoComplaint(
          `${invalid}: invalid attribute value${problem === "" ? "" : `: ${problem}`}`,
        );
    }
  }
}

function checkTime(validity: GoString): void {
  const kind = validity.sees(Tag.utcTime)
    ? "UTCTime"
    : validity.sees(Tag.generalizedTime)
      ? "GeneralizedTime"
      : null;
  if (kind === null) throw new GoComplaint("x509: unsupported time format");
  const time = validity.any();
  if (time === null || !isGoTime(time)) throw new GoComplaint(`x509: malformed ${kind}`);
}

function checkSpki(spki: GoString): void {
  const sequence = spki.expect(Tag.sequence, "x509: malformed public key algorithm identifier");
  const algorithm = readGoAlgorithm(sequence);
  const key = goBits(spki.read(Tag.bitString));
  if (key === null) throw new GoComplaint("x509: malformed subjectPublicKey");
  checkGoKey(algorithm, key);
}

function readTail(tbs: GoString, version: number): void {
  if (tbs.sees(Tag.context1)) tbs.expect(Tag.context1, "x509: malformed issuerUniqueID");
  if (tbs.sees(Tag.context2)) tbs.expect(Tag.context2, "x509: malformed subjectUniqueID");
  if (version < 3 || !tbs.sees(Tag.constructed3)) return;
  const malformed = "x509: malformed extensions";
  const list = tbs.expect(Tag.constructed3, malformed).expect(Tag.sequence, malformed);
  const found = new Map<string, GoString>();
  while (!list.isEmpty) {
    const extension = list.expect(Tag.sequence, "x509: malformed extension");
    const oid = goOid(extension.read(Tag.oid));
    if (oid === null) throw new GoComplaint("x509: malformed extension OID field");
    if (extension.sees(Tag.boolean) && !isGoBoolean(extension.read(Tag.boolean)))
      throw new GoComplaint("x509: malformed extension critical field");
    const value = extension.expect(Tag.octetString, "x509: malformed extension value field");
    if (found.has(oid)) throw new GoComplaint("x509: certificate contains duplicate extensions");
    found.set(oid, value);
  }
  for (const [oid, value] of found) GO_EXTENSIONS.get(oid)?.(value);
}
