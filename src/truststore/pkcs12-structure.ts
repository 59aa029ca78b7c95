import { readOid, readSmallInteger } from "../x509/der-values.ts";
import { contentOf, DerReader, type Element, inside, Tag } from "../x509/der.ts";
import { readAlgorithmIdentifier } from "../x509/signature-algorithm.ts";
import { normaliseBer } from "../x509/ber.ts";
import { WORDS } from "./java-words.ts";
import { type PasswordBasedEncryption, readEncryption } from "./pbe.ts";
import { type Pkcs12Mac, readMac } from "./pkcs12-mac.ts";
import { StoreFault } from "./store-error.ts";

/** Most ContentInfos of one file; honest writers make two. */
const MAX_CONTENTS = 1_000;

const DATA = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA = "1.2.840.113549.1.7.6";

/** One ContentInfo of the AuthenticatedSafe: SafeContents in the clear or encrypted. */
export type Pkcs12Content =
  | { readonly kind: "clear"; readonly safeContents: Uint8Array }
  | {
      readonly kind: "encrypted";
      readonly encryption: PasswordBasedEncryption;
      readonly ciphertext: Uint8Array;
    };

/** The outer structure of a PKCS#12 file. */
export interface Pfx {
  /** What the MAC is computed over. */
  readonly authSafe: Uint8Array;
  readonly contents: readonly Pkcs12Content[];
  readonly mac: Pkcs12Mac | null;
  /** Whether the file is BER but not DER. */
  readonly ber: boolean;
  /** Octets behind the structure. */
  readonly trailing: number;
}

/** Reads the PFX of RFC 7292 section 4. @throws {DerError} @throws {StoreFault} */
export function readPfx(bytes: Uint8Array): Pfx {
  const outer = normaliseBer(bytes);
  const reader = new DerReader(outer.der).enter(Tag.sequence, "a PFX");
  const version = readSmallInteger(reader.expect(Tag.integer, "a PFX version"));
  if (version !== 3)
    throw new StoreFault("malformed", `PFX version ${version} is not 3`, {
      javaMessage: WORDS.pkcs12NotVersion3,
    });
  const content = readContentInfo(reader.expect(Tag.sequence, "a ContentInfo"));
  if (content.type !== DATA) throw publicKeyProtected(content.type);
  const authSafe = contentOf(content.reader.expect(Tag.octetString, "an AuthenticatedSafe"));
  const macData = reader.optional(Tag.sequence);
  reader.finish("a PFX");
  const inner = normaliseBer(authSafe);
  return {
    authSafe,
    contents: readContents(inner.der),
    mac: macData === undefined ? null : readMac(macData),
    ber: outer.changed || inner.changed,
    trailing: bytes.length - outer.consumed,
  };
}

function readContents(authSafe: Uint8Array): readonly Pkcs12Content[] {
  const reader = new DerReader(authSafe).enter(Tag.sequence, "an AuthenticatedSafe");
  const contents: Pkcs12Content[] = [];
  while (!reader.done) {
    if (contents.length >= MAX_CONTENTS)
      throw new StoreFault("too-many-entries", `More than ${MAX_CONTENTS} ContentInfos`);
    contents.push(readContent(reader.expect(Tag.sequence, "a ContentInfo")));
  }
  return contents;
}

function readContent(element: Element): Pkcs12Content {
  const { type, reader } = readContentInfo(element);
  if (type === DATA)
    return {
      kind: "clear",
      safeContents: contentOf(reader.expect(Tag.octetString, "SafeContents")),
    };
  if (type !== ENCRYPTED_DATA) throw publicKeyProtected(type);
  const encryptedData = reader.enter(Tag.sequence, "EncryptedData");
  encryptedData.expect(Tag.integer, "an EncryptedData version");
  const info = encryptedData.enter(Tag.sequence, "an EncryptedContentInfo");
  info.expect(Tag.oid, "a content type");
  const algorithm = readAlgorithmIdentifier(info.expect(Tag.sequence, "an encryption algorithm"));
  return {
    kind: "encrypted",
    encryption: readEncryption(algorithm),
    ciphertext: readCiphertext(info),
  };
}

/** `[0] IMPLICIT OCTET STRING`, primitive or, in BER, in segments. */
function readCiphertext(info: DerReader): Uint8Array {
  if (info.peek() === Tag.context0) return contentOf(info.next());
  const segments = info.enter(Tag.constructed0, "encrypted content");
  const parts: Uint8Array[] = [];
  while (!segments.done)
    parts.push(contentOf(segments.expect(Tag.octetString, "a segment of encrypted content")));
  return Buffer.concat(parts);
}

function readContentInfo(element: Element): { type: string; reader: DerReader } {
  const info = inside(element);
  const type = readOid(info.expect(Tag.oid, "a content type"));
  return { type, reader: info.enter(Tag.constructed0, "content") };
}

function publicKeyProtected(type: string): StoreFault {
  return new StoreFault(
    "unsupported-algorithm",
    `PKCS#12 content of type ${type} is protected by a public key; only password protection is supported`,
    { javaMessage: WORDS.pkcs12PublicKeyProtected },
  );
}
