import { readOid } from "../x509/der-values.ts";
import { DerReader, encodingOf, Tag } from "../x509/der.ts";
import { normaliseBer } from "../x509/ber.ts";
import { MAX_ENTRIES } from "./limits.ts";
import { StoreFault } from "./store-error.ts";

/** What a PKCS#7 SignedData carries beside its signatures. */
export interface SignedDataContent {
  readonly certificates: readonly Uint8Array[];
  readonly revocationLists: number;
  /** Attribute certificates and other choices of CertificateChoices. */
  readonly other: number;
}

const SIGNED_DATA = "1.2.840.113549.1.7.2";

/**
 * Takes the certificates out of a PKCS#7 or CMS SignedData (RFC 5652 section 5.1); signatures do not matter for a
 * store and are not looked at.
 * @throws {DerError} @throws {StoreFault}
 */
export function readSignedData(bytes: Uint8Array): SignedDataContent {
  const outer = new DerReader(normaliseBer(bytes).der).enter(Tag.sequence, "a ContentInfo");
  const type = readOid(outer.expect(Tag.oid, "a content type"));
  if (type !== SIGNED_DATA)
    throw new StoreFault(
      "malformed",
      `PKCS#7 content has type ${type}; signedData (${SIGNED_DATA}) was expected`,
    );
  const data = outer.enter(Tag.constructed0, "content").enter(Tag.sequence, "SignedData");
  data.expect(Tag.integer, "a SignedData version");
  data.expect(Tag.set, "digest algorithms");
  data.expect(Tag.sequence, "content info");
  const certificates: Uint8Array[] = [];
  let other = 0;
  if (data.peek() === Tag.constructed0) {
    const set = data.enter(Tag.constructed0, "certificates");
    while (!set.done) {
      const element = set.next();
      if (element.tag === Tag.sequence) certificates.push(encodingOf(element));
      else other++;
      if (certificates.length + other > MAX_ENTRIES)
        throw new StoreFault(
          "too-many-entries",
          `PKCS#7 holds more than ${MAX_ENTRIES} certificates`,
        );
    }
  }
  let revocationLists = 0;
  if (data.peek() === Tag.constructed1) {
    const set = data.enter(Tag.constructed1, "revocation lists");
    for (; !set.done; revocationLists++) set.next();
  }
  return { certificates, revocationLists, other };
}
