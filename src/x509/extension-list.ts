import { normaliseBer } from "./ber.ts";
import { oidText } from "./der-values.ts";
import { contentOf, DerError, type DerWalk, onlyElement, Tag } from "./der.ts";

/** One extension as encoded (RFC 5280 section 4.1). */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** Content of the extnValue OCTET STRING. */
  readonly value: Uint8Array;
}

/** An extension whose value is a view that is made when it is asked for. */
class EncodedExtension implements Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly #buffer: Uint8Array;
  readonly #start: number;
  readonly #end: number;

  constructor(oid: string, critical: boolean, buffer: Uint8Array, start: number, end: number) {
    this.oid = oid;
    this.critical = critical;
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
  }

  get value(): Uint8Array {
    const { buffer, byteOffset } = this.#buffer;
    return new Uint8Array(buffer, byteOffset + this.#start, this.#end - this.#start);
  }
}

const MAX_EXTENSIONS = 1000;
const CONSTRUCTED_OCTET_STRING = 0x24;

/**
 * Reads the extensions inside the explicit tag that `walk` has just read; duplicates stay in the list. Octets behind
 * an extension's value or behind the list are left alone, as Java and Go do.
 * @throws {DerError}
 */
export function readExtensionList(walk: DerWalk): readonly Extension[] {
  const { end } = walk;
  walk.offset = walk.content;
  return readExtensionListAt(walk, end);
}

/** Reads the Extensions that begin at `walk.offset`. @throws {DerError} */
export function readExtensionListAt(walk: DerWalk, limit: number): readonly Extension[] {
  const { buffer } = walk;
  walk.expect(Tag.sequence, "Extensions", limit);
  const { end } = walk;
  walk.offset = walk.content;
  const extensions: Extension[] = [];
  while (walk.offset < end) {
    if (extensions.length >= MAX_EXTENSIONS)
      throw new DerError("value-invalid", walk.offset, "More than 1,000 extensions");
    walk.expect(Tag.sequence, "an Extension", end);
    const extensionEnd = walk.end;
    walk.offset = walk.content;
    walk.expect(Tag.oid, "an extension identifier", extensionEnd);
    const oid = oidText(buffer, walk.start, walk.content, walk.end);
    const critical = walk.sees(Tag.boolean, extensionEnd) && readCritical(walk, extensionEnd);
    extensions.push(readValue(walk, extensionEnd, oid, critical));
    walk.offset = extensionEnd;
  }
  return extensions;
}

/** Any octet but 00 is TRUE, as Java and OpenSSL read it. */
function readCritical(walk: DerWalk, limit: number): boolean {
  walk.next(limit);
  if (walk.end - walk.content !== 1)
    throw new DerError("value-invalid", walk.start, "BOOLEAN must be one octet");
  return walk.buffer[walk.content] !== 0;
}

function readValue(walk: DerWalk, limit: number, oid: string, critical: boolean): Extension {
  if (walk.sees(CONSTRUCTED_OCTET_STRING, limit)) {
    walk.next(limit);
    const { der } = normaliseBer(walk.buffer.subarray(walk.start, walk.end));
    return { oid, critical, value: contentOf(onlyElement(der, Tag.octetString, "a value")) };
  }
  walk.expect(Tag.octetString, "an extension value", limit);
  return new EncodedExtension(oid, critical, walk.buffer, walk.content, walk.end);
}
