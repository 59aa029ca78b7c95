import { checkEnd, type Note } from "./anomaly-note.ts";
import { type Element, inside, Tag } from "./der.ts";
import { COMMON_NAME, EMAIL_ADDRESS } from "./oids.ts";
import { oidText } from "./der-values.ts";

/** Domain components and e-mail addresses are IA5Strings (RFC 5280 appendix A.1, RFC 4519 section 2.4). */
const IA5_ATTRIBUTES: ReadonlySet<string> = new Set([
  EMAIL_ADDRESS,
  "0.9.2342.19200300.100.1.25",
  "0.9.2342.19200300.100.1.3",
]);

/** Notes what is odd about the RDNs and the string types of a Name that can be read. */
export function nameAnomalies(name: Element, note: Note): void {
  const rdns = inside(name);
  while (!rdns.done) {
    const set = rdns.next();
    if (set.content === set.end) note("empty-rdn", set.start);
    const attributes = inside(set);
    while (!attributes.done) {
      const attribute = inside(attributes.next());
      const { buffer, start, content, end } = attribute.next();
      const type = oidText(buffer, start, content, end);
      stringAnomalies(attribute.next(), type, note);
      checkEnd(attribute, note);
    }
  }
}

function stringAnomalies(value: Element, type: string, note: Note): void {
  const { tag, start } = value;
  if ((tag & 0x20) !== 0) return note("constructed-string", start);
  if (!hasAllowedContent(value)) note("string-content", start);
  const isDirectoryString = tag === Tag.utf8String || tag === Tag.printableString;
  const isExpected = IA5_ATTRIBUTES.has(type) ? tag === Tag.ia5String : isDirectoryString;
  // x500UniqueIdentifier is a BIT STRING; every other attribute that is known here is a string
  const isKnown = type.startsWith("2.5.4.") ? type !== "2.5.4.45" : IA5_ATTRIBUTES.has(type);
  if (!isExpected && (isKnown || type === COMMON_NAME)) note("string-type", start);
}

const PRINTABLE = new Set(
  Buffer.from(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?",
    "latin1",
  ),
);

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Whether the octets are of the alphabet of their string type (X.680 section 41). */
function hasAllowedContent({ buffer, tag, content, end }: Element): boolean {
  const octets = buffer.subarray(content, end);
  switch (tag) {
    case Tag.printableString:
      return octets.every((octet) => PRINTABLE.has(octet));
    case Tag.numericString:
      return octets.every((octet) => octet === 0x20 || (octet >= 0x30 && octet <= 0x39));
    case Tag.ia5String:
    case Tag.visibleString:
      return octets.every((octet) => octet < 0x80);
    case Tag.bmpString:
      return octets.length % 2 === 0;
    case Tag.universalString:
      return octets.length % 4 === 0;
    case Tag.utf8String:
      try {
        utf8.decode(octets);
        return true;
      } catch {
        return false;
      }
    default:
      return true;
  }
}
