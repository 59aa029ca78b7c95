import { hex, latin1, readOid } from "../x509/der-values.ts";
import { contentOf, DerReader, type Element, encodingOf, inside, Tag } from "../x509/der.ts";
import { normaliseBer } from "../x509/ber.ts";
import { MAX_DEPTH, MAX_ENTRIES } from "./limits.ts";
import { StoreFault } from "./store-error.ts";

/** What a bag holds: of a `key` the EncryptedPrivateKeyInfo, of a `plain-key` the PrivateKeyInfo (RFC 5958). */
export type BagContent =
  | { readonly kind: "certificate" | "key" | "plain-key"; readonly der: Uint8Array }
  | { readonly kind: "secret" | "revocation-list" | "other" };

/** One SafeBag (RFC 7292 section 4.2). */
export interface SafeBag {
  readonly content: BagContent;
  /** friendlyName; null when there is none. */
  readonly alias: string | null;
  /** localKeyId as hexadecimal text; null when there is none. */
  readonly keyId: string | null;
  /** Milliseconds since 1970 from a localKeyId `Time N`, which is how keytool stores dates; null without. */
  readonly date: number | null;
  /** Whether the attribute trustedKeyUsage is present, whatever purposes it lists. */
  readonly trusted: boolean;
  /** Position among the bags of the same SafeContents. */
  readonly position: number;
  /** Whether the bag lies in a safeContentsBag. */
  readonly nested: boolean;
}

const CERT_BAG = "1.2.840.113549.1.12.10.1.3";
const SAFE_CONTENTS_BAG = "1.2.840.113549.1.12.10.1.6";
const KEY_BAGS: ReadonlyMap<string, "key" | "plain-key"> = new Map([
  ["1.2.840.113549.1.12.10.1.1", "plain-key"],
  ["1.2.840.113549.1.12.10.1.2", "key"],
]);
const OTHER_BAGS: ReadonlyMap<string, "secret" | "revocation-list"> = new Map([
  ["1.2.840.113549.1.12.10.1.4", "revocation-list"],
  ["1.2.840.113549.1.12.10.1.5", "secret"],
]);
const X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";
const FRIENDLY_NAME = "1.2.840.113549.1.9.20";
const LOCAL_KEY_ID = "1.2.840.113549.1.9.21";
const TRUSTED_KEY_USAGE = "2.16.840.1.113894.746875.1.1";

/** Reads SafeContents, with nested ones in place. `counted` bags of the same file were read before. @throws {DerError} @throws {StoreFault} */
export function readSafeContents(safeContents: Uint8Array, counted: number): readonly SafeBag[] {
  const bags: SafeBag[] = [];
  readBags(new DerReader(normaliseBer(safeContents).der), 0, counted, bags);
  return bags;
}

function readBags(outer: DerReader, depth: number, counted: number, bags: SafeBag[]): void {
  if (depth > MAX_DEPTH)
    throw new StoreFault("too-deep", `PKCS#12 bags are nested more than ${MAX_DEPTH} deep`);
  const reader = outer.enter(Tag.sequence, "SafeContents");
  for (let position = 0; !reader.done; position++) {
    if (counted + bags.length >= MAX_ENTRIES)
      throw new StoreFault("too-many-entries", `PKCS#12 holds more than ${MAX_ENTRIES} bags`);
    const bag = reader.enter(Tag.sequence, "a SafeBag");
    const type = readOid(bag.expect(Tag.oid, "a bag type"));
    const value = bag.enter(Tag.constructed0, "a bag value");
    if (type === SAFE_CONTENTS_BAG) readBags(value, depth + 1, counted, bags);
    else
      bags.push({
        content: readContent(type, value),
        ...readAttributes(bag.optional(Tag.set)),
        position,
        nested: depth > 0,
      });
  }
}

function readContent(type: string, value: DerReader): BagContent {
  if (type === CERT_BAG) return readCertBag(value);
  const key = KEY_BAGS.get(type);
  if (key !== undefined)
    return { kind: key, der: encodingOf(value.expect(Tag.sequence, "a private key")) };
  return { kind: OTHER_BAGS.get(type) ?? "other" };
}

function readCertBag(value: DerReader): BagContent {
  const bag = value.enter(Tag.sequence, "a CertBag");
  if (readOid(bag.expect(Tag.oid, "a certificate type")) !== X509_CERTIFICATE)
    return { kind: "other" };
  const wrapped = bag.enter(Tag.constructed0, "a certificate");
  return { kind: "certificate", der: contentOf(wrapped.expect(Tag.octetString, "a certificate")) };
}

function readAttributes(
  set: Element | undefined,
): Pick<SafeBag, "alias" | "keyId" | "date" | "trusted"> {
  let alias: string | null = null;
  let keyId: string | null = null;
  let date: number | null = null;
  let trusted = false;
  const reader = set === undefined ? null : inside(set);
  while (reader !== null && !reader.done) {
    const attribute = reader.enter(Tag.sequence, "an attribute");
    const type = readOid(attribute.expect(Tag.oid, "an attribute type"));
    const values = attribute.enter(Tag.set, "attribute values");
    if (type === TRUSTED_KEY_USAGE) trusted = true;
    if (type === FRIENDLY_NAME)
      alias = readBmpString(contentOf(values.expect(Tag.bmpString, "a friendlyName")));
    if (type === LOCAL_KEY_ID) {
      const id = contentOf(values.expect(Tag.octetString, "a localKeyId"));
      keyId = hex(id);
      date = readDate(id);
    }
  }
  return { alias, keyId, date, trusted };
}

function readBmpString(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString("utf16le");
}

function readDate(keyId: Uint8Array): number | null {
  const match = keyId.length < 40 ? /^Time (\d{1,15})$/.exec(latin1(keyId)) : null;
  return match === null ? null : Number(match[1]);
}
