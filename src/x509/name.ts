import { bytesEqual, hex, latin1, readOid, utf8 } from "./der-values.ts";
import {
  contentOf,
  DerError,
  type DerReader,
  type Element,
  encodingOf,
  inside,
  Tag,
} from "./der.ts";
import { ATTRIBUTE_NAMES, RFC2253_ATTRIBUTES } from "./oids.ts";

/** One attribute of a distinguished name. */
export interface Attribute {
  /** Dotted object identifier of the type. */
  readonly type: string;
  /** Universal tag of the value. */
  readonly tag: number;
  /** The value as text; hexadecimal with a leading `#` when it is not a string. */
  readonly text: string;
  /** DER of the value. */
  readonly der: Uint8Array;
}

/** A distinguished name (RFC 5280 section 4.1.2.4): its encoding and its parts in encoded order. */
export interface Name {
  readonly der: Uint8Array;
  readonly rdns: readonly (readonly Attribute[])[];
  /** `CN=Leaf, O=Example`: most specific part first, as Java prints names. */
  readonly text: string;
}

/** How a client compares two names. */
export type NameComparison = "java" | "openssl" | "bytes";

const MAX_ATTRIBUTES = 20_000;

/** Reads a Name. @throws {DerError} */
export function readName(element: Element): Name {
  const rdns: Attribute[][] = [];
  const reader = inside(element);
  let count = 0;
  while (!reader.done) {
    const set = reader.enter(Tag.set, "a RelativeDistinguishedName");
    const rdn: Attribute[] = [];
    while (!set.done) {
      if (++count > MAX_ATTRIBUTES)
        throw new DerError("value-invalid", set.offset, "Name has too many attributes");
      rdn.push(readAttribute(set));
    }
    if (rdn.length === 0)
      throw new DerError("value-invalid", set.offset, "RelativeDistinguishedName is empty");
    rdns.push(rdn);
  }
  return { der: encodingOf(element), rdns, text: displayName(rdns) };
}

function readAttribute(set: DerReader): Attribute {
  const pair = set.enter(Tag.sequence, "an AttributeTypeAndValue");
  const type = readOid(pair.expect(Tag.oid, "an attribute type"));
  const value = pair.next();
  pair.finish("an AttributeTypeAndValue");
  const text = decodeString(value);
  return {
    type,
    tag: value.tag,
    text: text ?? `#${hex(encodingOf(value))}`,
    der: encodingOf(value),
  };
}

function decodeString(value: Element): string | null {
  const bytes = contentOf(value);
  switch (value.tag) {
    case Tag.utf8String:
      return utf8(bytes);
    case Tag.printableString:
    case Tag.teletexString:
    case Tag.ia5String:
    case Tag.numericString:
    case Tag.visibleString:
      return latin1(bytes);
    case Tag.bmpString:
      return utf16be(bytes);
    case Tag.universalString:
      return utf32be(bytes);
    default:
      return null;
  }
}

function utf16be(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i + 1 < bytes.length; i += 2)
    text += String.fromCharCode(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0));
  return text;
}

function utf32be(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i + 3 < bytes.length; i += 4) {
    const point =
      (bytes[i] ?? 0) * 2 ** 24 +
      ((bytes[i + 1] ?? 0) << 16) +
      ((bytes[i + 2] ?? 0) << 8) +
      (bytes[i + 3] ?? 0);
    text += point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
  }
  return text;
}

function displayName(rdns: readonly (readonly Attribute[])[]): string {
  return rdns
    .map((rdn) =>
      rdn
        .map(({ type, text }) => `${ATTRIBUTE_NAMES.get(type) ?? `OID.${type}`}=${quote(text)}`)
        .join(" + "),
    )
    .toReversed()
    .join(", ");
}

function quote(text: string): string {
  if (!/[,+=<>#;"\\\n]|^ | $| {2}/.test(text)) return text;
  return `"${text.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;
}

const canonicalTexts: Record<"java" | "openssl", WeakMap<Name, string>> = {
  java: new WeakMap(),
  openssl: new WeakMap(),
};

/**
 * The text whose equality is name equality for a client: `java` as X500Principal's canonical form,
 * `openssl` as X509_NAME's canonical encoding, `bytes` as the encoding itself.
 */
export function canonicalName(name: Name, comparison: NameComparison): string {
  if (comparison === "bytes") return hex(name.der);
  const known = canonicalTexts[comparison].get(name);
  if (known !== undefined) return known;
  const fold = comparison === "java" ? javaAttribute : opensslAttribute;
  const text = name.rdns.map((rdn) => rdn.map(fold).toSorted().join("+")).join("\n");
  canonicalTexts[comparison].set(name, text);
  return text;
}

/** Whether two names are the same for a client. */
export function namesEqual(a: Name, b: Name, comparison: NameComparison): boolean {
  if (bytesEqual(a.der, b.der)) return true;
  return comparison !== "bytes" && canonicalName(a, comparison) === canonicalName(b, comparison);
}

/** sun.security.x509.AVA.toRFC2253CanonicalString: only Printable and UTF8 strings of known types are folded. */
function javaAttribute({ type, tag, text, der }: Attribute): string {
  const foldable =
    RFC2253_ATTRIBUTES.has(type) && (tag === Tag.printableString || tag === Tag.utf8String);
  if (!foldable) return `${type}=#${hex(der)}`;
  const folded = text.trim().replaceAll(/\s+/g, " ").toUpperCase().toLowerCase();
  return `${type}=${escapeJoints(folded.normalize("NFKD"))}`;
}

const OPENSSL_STRINGS: ReadonlySet<number> = new Set([
  Tag.utf8String,
  Tag.bmpString,
  Tag.universalString,
  Tag.printableString,
  Tag.teletexString,
  Tag.ia5String,
  Tag.visibleString,
]);

/** x509_name_canon of OpenSSL: every string type becomes UTF-8, ASCII lower case, single blanks. */
function opensslAttribute({ type, tag, text, der }: Attribute): string {
  if (!OPENSSL_STRINGS.has(tag)) return `${type}=#${hex(der)}`;
  const folded = text
    .replaceAll(/^[ \t-\r]+|[ \t-\r]+$/g, "")
    .replaceAll(/[ \t-\r]+/g, " ")
    .replaceAll(/[A-Z]+/g, (upper) => upper.toLowerCase());
  return `${type}=${escapeJoints(folded)}`;
}

/** Keeps a hostile value from imitating the separators of the canonical text. */
function escapeJoints(text: string): string {
  return text.replaceAll(/[\\+\n]/g, (character) => `\\${character.charCodeAt(0)};`);
}
