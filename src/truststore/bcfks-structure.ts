import { readSmallInteger, readTime, utf8 } from "../x509/der-values.ts";
import { contentOf, DerReader, type Element, encodingOf, inside, Tag } from "../x509/der.ts";
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from "../x509/signature-algorithm.ts";
import { MAX_ENTRIES } from "./limits.ts";
import { StoreFault } from "./store-error.ts";

/** What a BCFKS file keeps its entries in. */
export type BcfksData =
  | { readonly kind: "clear"; readonly der: Uint8Array }
  | {
      readonly kind: "encrypted";
      readonly algorithm: AlgorithmIdentifier;
      readonly ciphertext: Uint8Array;
    };

/** How the integrity of a BCFKS file is protected. */
export type BcfksIntegrity =
  | {
      readonly kind: "mac";
      readonly algorithm: AlgorithmIdentifier;
      readonly keyDerivation: AlgorithmIdentifier;
      readonly mac: Uint8Array;
    }
  /** Signed with a key that is not in the file. */
  | { readonly kind: "signature" };

/** A BCFKS file taken apart (org.bouncycastle.asn1.bc.ObjectStore). */
export interface Bcfks {
  readonly data: BcfksData;
  /** What the MAC is computed over. */
  readonly authenticated: Uint8Array;
  readonly integrity: BcfksIntegrity;
}

/** Takes the outer structure apart. @throws {DerError} @throws {StoreFault} */
export function readBcfksStructure(bytes: Uint8Array): Bcfks {
  const store = new DerReader(bytes).enter(Tag.sequence, "an ObjectStore");
  const data = store.expect(Tag.sequence, "store data");
  const check = store.next();
  store.finish("an ObjectStore");
  return {
    data: readData(data),
    authenticated: encodingOf(data),
    integrity: readIntegrity(check),
  };
}

/** The data in the clear begin with a version, encrypted ones with an algorithm. */
function readData(element: Element): BcfksData {
  const reader = inside(element);
  if (reader.peek() === Tag.integer) return { kind: "clear", der: encodingOf(element) };
  const algorithm = readAlgorithmIdentifier(reader.expect(Tag.sequence, "an encryption algorithm"));
  const ciphertext = contentOf(reader.expect(Tag.octetString, "encrypted content"));
  return { kind: "encrypted", algorithm, ciphertext };
}

function readIntegrity(check: Element): BcfksIntegrity {
  if (check.tag === Tag.constructed0) return { kind: "signature" };
  const reader = inside(check);
  const algorithm = readAlgorithmIdentifier(reader.expect(Tag.sequence, "a MAC algorithm"));
  const keyDerivation = readAlgorithmIdentifier(
    reader.expect(Tag.sequence, "a key derivation function"),
  );
  return {
    kind: "mac",
    algorithm,
    keyDerivation,
    mac: contentOf(reader.expect(Tag.octetString, "a MAC")),
  };
}

/** One entry of a BCFKS file (org.bouncycastle.asn1.bc.ObjectData). */
export interface BcfksEntry {
  readonly alias: string;
  readonly date: number | null;
  readonly kind: "certificate" | "private-key" | "secret-key";
  /** The trusted certificate, or the chain of a private key. */
  readonly certificates: readonly Uint8Array[];
}

/** Kinds by their number; the protected ones have a password of their own. */
const KINDS: readonly BcfksEntry["kind"][] = [
  "certificate",
  "private-key",
  "secret-key",
  "private-key",
  "secret-key",
];

/** Reads the entries of ObjectStoreData. @throws {DerError} @throws {StoreFault} */
export function readBcfksEntries(der: Uint8Array): readonly BcfksEntry[] {
  const data = new DerReader(der).enter(Tag.sequence, "ObjectStoreData");
  data.expect(Tag.integer, "a version");
  data.expect(Tag.sequence, "an integrity algorithm");
  data.expect(Tag.generalizedTime, "a creation date");
  data.expect(Tag.generalizedTime, "a modification date");
  const list = data.enter(Tag.sequence, "entries");
  const entries: BcfksEntry[] = [];
  let certificates = 0;
  while (!list.done) {
    const entry = readEntry(list.enter(Tag.sequence, "an entry"));
    entries.push(entry);
    certificates += entry.certificates.length;
    if (entries.length > MAX_ENTRIES || certificates > MAX_ENTRIES)
      throw new StoreFault("too-many-entries", `BCFKS holds more than ${MAX_ENTRIES} entries`);
  }
  return entries;
}

function readEntry(reader: DerReader): BcfksEntry {
  const type = readSmallInteger(reader.expect(Tag.integer, "an entry type"));
  const kind = KINDS[type];
  if (kind === undefined)
    throw new StoreFault("malformed", `BCFKS entry has type ${type}; 0 to 4 was expected`);
  const alias = utf8(contentOf(reader.expect(Tag.utf8String, "an alias")));
  const date = readTime(reader.expect(Tag.generalizedTime, "a creation date"));
  reader.expect(Tag.generalizedTime, "a modification date");
  const data = contentOf(reader.expect(Tag.octetString, "an entry's data"));
  switch (kind) {
    case "certificate":
      return { alias, date, kind, certificates: [data] };
    case "secret-key":
      return { alias, date, kind, certificates: [] };
    case "private-key":
      return { alias, date, kind, certificates: readChain(data) };
  }
}

/** EncryptedPrivateKeyData := SEQUENCE { EncryptedPrivateKeyInfo, SEQUENCE OF Certificate }. */
function readChain(data: Uint8Array): readonly Uint8Array[] {
  const reader = new DerReader(data).enter(Tag.sequence, "a private key with its chain");
  reader.expect(Tag.sequence, "an encrypted private key");
  const chain = reader.enter(Tag.sequence, "a chain");
  const certificates: Uint8Array[] = [];
  while (!chain.done) certificates.push(encodingOf(chain.expect(Tag.sequence, "a certificate")));
  return certificates;
}
