import { bytesEqual, checkOid, hex, latin1, oidText, utf8 } from "./der-values.ts";
import { DerError, DerWalk, type Element, Tag } from "./der.ts";
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

/** A Name whose parts are decoded when they are asked for. */
class EncodedName implements Name {
  readonly der: Uint8Array;
  #rdns: readonly (readonly Attribute[])[] | undefined;
  #text: string | undefined;

  constructor(der: Uint8Array) {
    this.der = der;
  }

  get rdns(): readonly (readonly Attribute[])[] {
    return (this.#rdns ??= decodeRdns(this.der));
  }

  get text(): string {
    return (this.#text ??= displayName(this.rdns));
  }
}

const KNOWN_NAMES = 4096;
const LONGEST_KNOWN = 1024;
const known = new Map<string, Name>();

/** Reads a Name. @throws {DerError} */
export function readName({ buffer, start, content, end }: Element): Name {
  checkName(buffer, content, end);
  return nameAt(buffer, start, end);
}

/**
 * The Name encoded in a range that checkName() has accepted. Names repeat: the same encoding gives the same object
 * while it is remembered, with all that was decoded of it.
 */
export function nameAt(buffer: Uint8Array, start: number, end: number): Name {
  if (end - start > LONGEST_KNOWN) return new EncodedName(buffer.subarray(start, end));
  const key = latin1(buffer, start, end);
  const before = known.get(key);
  if (before !== undefined) return before;
  // a copy: a remembered name must not hold on to the whole input
  const name = new EncodedName(Uint8Array.from(buffer.subarray(start, end)));
  if (known.size >= KNOWN_NAMES) {
    const oldest = known.keys().next();
    if (!oldest.done) known.delete(oldest.value);
  }
  known.set(key, name);
  return name;
}

/** Fails unless the content of a Name has the form of one; decodes nothing. @throws {DerError} */
export function checkName(buffer: Uint8Array, content: number, end: number): void {
  const walk = new DerWalk(buffer, content);
  let count = 0;
  while (walk.offset < end) {
    walk.expect(Tag.set, "a RelativeDistinguishedName", end);
    const rdnEnd = walk.end;
    walk.offset = walk.content;
    while (walk.offset < rdnEnd) {
      if (++count > MAX_ATTRIBUTES)
        throw new DerError("value-invalid", walk.offset, "Name has too many attributes");
      walk.expect(Tag.sequence, "an AttributeTypeAndValue", rdnEnd);
      const pairEnd = walk.end;
      walk.offset = walk.content;
      walk.expect(Tag.oid, "an attribute type", pairEnd);
      checkOid(buffer, walk.start, walk.content, walk.end);
      walk.next(pairEnd);
      walk.offset = pairEnd;
    }
  }
}

/** Decodes the parts of a Name that checkName() has accepted. */
function decodeRdns(der: Uint8Array): readonly (readonly Attribute[])[] {
  const rdns: Attribute[][] = [];
  const walk = new DerWalk(der);
  walk.next(der.length);
  walk.offset = walk.content;
  while (walk.offset < der.length) {
    walk.next(der.length);
    const rdnEnd = walk.end;
    walk.offset = walk.content;
    const rdn: Attribute[] = [];
    while (walk.offset < rdnEnd) {
      walk.next(rdnEnd);
      const pairEnd = walk.end;
      walk.offset = walk.content;
      walk.next(pairEnd);
      const type = oidText(der, walk.start, walk.content, walk.end);
      walk.next(pairEnd);
      const text = decodeString(der, walk.tag, walk.content, walk.end);
      rdn.push({
        type,
        tag: walk.tag,
        text: text ?? `#${hex(der, walk.start, walk.end)}`,
        der: der.subarray(walk.start, walk.end),
      });
      walk.offset = pairEnd;
    }
    rdns.push(rdn);
  }
  return rdns;
}

function decodeString(der: Uint8Array, tag: number, start: number, end: number): string | null {
  switch (tag) {
    case Tag.utf8String:
      return utf8(der, start, end);
    case Tag.printableString:
    case Tag.teletexString:
    case Tag.ia5String:
    case Tag.numericString:
    case Tag.visibleString:
      return latin1(der, start, end);
    case Tag.bmpString:
      return utf16be(der.subarray(start, end));
    case Tag.universalString:
      return utf32be(der.subarray(start, end));
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
