import { hex, readSmallInteger, readTime } from "./der-values.ts";
import { DerError, DerWalk, type Element, inside, onlyElement, Tag } from "./der.ts";
import { type Extension, readExtensionListAt } from "./extension-list.ts";
import { type Decoded, decodeExtension, readList } from "./extensions.ts";
import { readGeneralName } from "./general-name.ts";
import type { Name } from "./name.ts";
import { ExtensionOid } from "./oids.ts";

/** Why a certificate was revoked (RFC 5280 section 5.3.1), by number. */
export const REVOCATION_REASONS = [
  "unspecified",
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  null,
  "removeFromCRL",
  "privilegeWithdrawn",
  "aACompromise",
] as const;

/** Name of a reason for revocation. */
export type RevocationReason = NonNullable<(typeof REVOCATION_REASONS)[number]>;

/** The name of a reason code; null for numbers that nobody assigned. */
export function reasonOf(code: number): RevocationReason | null {
  return REVOCATION_REASONS[code] ?? null;
}

/** One revoked certificate (RFC 5280 section 5.3). */
export interface RevokedEntry {
  /** Content octets of the serial number, lower-case hexadecimal. */
  readonly serialNumber: string;
  /** Milliseconds since 1970. */
  readonly revokedAt: number;
  readonly reason: Decoded<RevocationReason>;
  /** Since when the key may have been known to others: milliseconds since 1970. */
  readonly invalidSince: Decoded<number>;
  /** Issuer of the certificate in an indirect list; null where the list's own issuer is meant. */
  readonly certificateIssuer: Name | null;
  readonly extensions: readonly Extension[];
}

const MAX_ENTRIES = 8_000_000;

/** Longest search in the table; a list made to exceed it is searched from the front instead. */
const MAX_PROBES = 512;

/**
 * The entries of a list: where each begins, in a table by serial number, and nothing else until one is asked for.
 * A hundred thousand of them cost a table of a megabyte and no object.
 */
export class CrlEntries {
  readonly size: number;
  /** Whether some entry has a critical extension besides the three that RFC 5280 section 5.3 describes. */
  readonly criticalInEntries: boolean;
  readonly #buffer: Buffer;
  readonly #start: number;
  readonly #end: number;
  /** Offsets of entries, by the hash of their serial number; 0 is free, since no entry begins there. */
  #table: Int32Array | null | undefined;
  /** In an indirect list: from which offset on which issuer counts, in order. */
  readonly #issuers: readonly (readonly [offset: number, issuer: Name])[];

  private constructor(
    buffer: Buffer,
    range: { readonly start: number; readonly end: number },
    counted: {
      readonly size: number;
      readonly issuers: readonly (readonly [number, Name])[];
      readonly criticalInEntries: boolean;
    },
  ) {
    this.#buffer = buffer;
    this.#start = range.start;
    this.#end = range.end;
    this.size = counted.size;
    this.criticalInEntries = counted.criticalInEntries;
    this.#issuers = counted.issuers;
  }

  /** The entries of a list that has none. */
  static none(buffer: Buffer): CrlEntries {
    const counted = { size: 0, issuers: [], criticalInEntries: false };
    return new CrlEntries(buffer, { start: 0, end: 0 }, counted);
  }

  /**
   * Walks over the entries once, to count them and to see that each has the form of one.
   * @param issuer of the list, when it is indirect and entries may name other issuers; null otherwise
   * @throws {DerError}
   */
  static read(buffer: Buffer, list: Element, issuer: Name | null): CrlEntries {
    const walk = new DerWalk(buffer, list.content);
    const issuers: (readonly [number, Name])[] = [];
    let size = 0;
    let criticalInEntries = false;
    while (walk.offset < list.end) {
      if (++size > MAX_ENTRIES)
        throw new DerError("value-invalid", walk.offset, `More than ${MAX_ENTRIES} entries`);
      walk.expect(Tag.sequence, "a revoked certificate", list.end);
      const { start, end } = walk;
      walk.offset = walk.content;
      walk.expect(Tag.integer, "a serial number", end);
      if (walk.content === walk.end)
        throw new DerError("value-invalid", walk.start, "INTEGER without content");
      walk.next(end);
      if (walk.tag !== Tag.utcTime && walk.tag !== Tag.generalizedTime)
        throw new DerError("tag-unexpected", walk.start, "Expected a revocation date");
      if (walk.offset < end) {
        walk.expect(Tag.sequence, "entry extensions", end);
        criticalInEntries ||= hasUnknownCritical(new DerWalk(buffer, walk.content), walk.end);
        if (issuer !== null) {
          const named = issuerIn(buffer, walk.element());
          if (named !== null) issuers.push([start, named]);
        }
      }
      walk.offset = end;
    }
    const counted = { size, issuers, criticalInEntries };
    return new CrlEntries(buffer, { start: list.content, end: list.end }, counted);
  }

  /** Entries with a serial number, decoded now; the earliest revocation first. */
  find(serialNumber: string): readonly RevokedEntry[] {
    if (this.size === 0 || serialNumber.length % 2 !== 0) return [];
    const serial = Buffer.from(serialNumber, "hex");
    if (this.#table === undefined) this.#table = this.#index();
    const offsets =
      this.#table === null
        ? this.#offsets()
        : candidates(this.#table, hashOf(serial, 0, serial.length));
    const found: RevokedEntry[] = [];
    const walk = new DerWalk(this.#buffer);
    for (const offset of offsets) {
      walk.offset = offset;
      walk.next(this.#end);
      walk.offset = walk.content;
      walk.next(this.#end);
      if (this.#buffer.compare(serial, 0, serial.length, walk.content, walk.end) === 0)
        found.push(this.#decode(offset));
    }
    return found.toSorted((a, b) => a.revokedAt - b.revokedAt);
  }

  /** Every entry in order. */
  *all(): Generator<RevokedEntry, void> {
    for (const offset of this.#offsets()) yield this.#decode(offset);
  }

  *#offsets(): Generator<number, void> {
    const walk = new DerWalk(this.#buffer, this.#start);
    while (walk.offset < this.#end) {
      const { offset } = walk;
      walk.next(this.#end);
      yield offset;
    }
  }

  /** The table; null when too many serial numbers collide, which honest lists do not do. */
  #index(): Int32Array | null {
    let slots = 16;
    while (slots < this.size * 2) slots *= 2;
    const table = new Int32Array(slots);
    const walk = new DerWalk(this.#buffer, this.#start);
    while (walk.offset < this.#end) {
      const { offset } = walk;
      walk.next(this.#end);
      const next = walk.offset;
      walk.offset = walk.content;
      walk.next(this.#end);
      let slot = hashOf(this.#buffer, walk.content, walk.end) & (slots - 1);
      for (let probes = 0; table[slot] !== 0; slot = (slot + 1) & (slots - 1))
        if (++probes > MAX_PROBES) return null;
      table[slot] = offset;
      walk.offset = next;
    }
    return table;
  }

  #decode(offset: number): RevokedEntry {
    const walk = new DerWalk(this.#buffer, offset);
    walk.next(this.#end);
    const { end } = walk;
    walk.offset = walk.content;
    walk.next(end);
    const serialNumber = hex(this.#buffer, walk.content, walk.end);
    walk.next(end);
    const revokedAt = timeOrNaN(walk.element());
    const extensions = walk.offset < end ? readEntryExtensions(walk, end) : [];
    return {
      serialNumber,
      revokedAt,
      reason: decodeExtension(extensions, ExtensionOid.reasonCode, readReason),
      invalidSince: decodeExtension(extensions, ExtensionOid.invalidityDate, (value) =>
        readTime(onlyElement(value, Tag.generalizedTime, "an invalidity date")),
      ),
      certificateIssuer: this.#issuers.findLast(([from]) => from <= offset)?.[1] ?? null,
      extensions,
    };
  }
}

/** An entry whose date makes no sense is still an entry: it counts from the beginning of time. */
function timeOrNaN(element: Element): number {
  try {
    return readTime(element);
  } catch (error) {
    if (error instanceof DerError) return Number.NEGATIVE_INFINITY;
    throw error;
  }
}

/** Extensions of an entry; a list of them that does not parse counts as one unknown critical extension. */
function readEntryExtensions(walk: DerWalk, limit: number): readonly Extension[] {
  try {
    return readExtensionListAt(walk, limit);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return [{ oid: "", critical: true, value: new Uint8Array() }];
  }
}

function readReason(value: Uint8Array): RevocationReason {
  const element = onlyElement(value, 0x0a, "a reason code");
  const reason = reasonOf(readSmallInteger(element));
  if (reason === null) throw new DerError("value-invalid", 0, "Unassigned reason code");
  return reason;
}

/** Last octets of the identifiers 2.5.29.21, .24 and .29: reason code, invalidity date and certificate issuer. */
const KNOWN_IN_ENTRIES: ReadonlySet<number> = new Set([21, 24, 29]);

/** Looks for a critical extension that is not known, without making an object of any. @throws {DerError} */
function hasUnknownCritical(walk: DerWalk, end: number): boolean {
  const { buffer } = walk;
  while (walk.offset < end) {
    walk.expect(Tag.sequence, "an Extension", end);
    const next = walk.end;
    walk.offset = walk.content;
    walk.expect(Tag.oid, "an extension identifier", next);
    const { content } = walk;
    const isStandard =
      walk.end - content === 3 && buffer[content] === 0x55 && buffer[content + 1] === 0x1d;
    const isKnown = isStandard && KNOWN_IN_ENTRIES.has(buffer[content + 2] ?? 0);
    if (!isKnown && walk.sees(Tag.boolean, next)) {
      walk.next(next);
      if (buffer[walk.content] !== 0) return true;
    }
    walk.offset = next;
  }
  return false;
}

/** The directory name of certificateIssuer among the extensions of an entry. @throws {DerError} */
function issuerIn(buffer: Buffer, list: Element): Name | null {
  const extensions = readExtensionListAt(new DerWalk(buffer, list.start), list.end);
  const issuer = decodeExtension(extensions, ExtensionOid.certificateIssuer, (value) =>
    readList(inside(onlyElement(value, Tag.sequence, "GeneralNames")), readGeneralName),
  );
  if (issuer.state === "absent") return null;
  const directory =
    issuer.state === "present" ? issuer.value.find(({ kind }) => kind === "directory") : undefined;
  if (directory?.kind !== "directory")
    throw new DerError("value-invalid", list.start, "certificateIssuer is no directory name");
  return directory.value;
}

/** Offsets in the slots that a hash leads to. */
function* candidates(table: Int32Array, hash: number): Generator<number, void> {
  const mask = table.length - 1;
  for (let slot = hash & mask; table[slot] !== 0; slot = (slot + 1) & mask) yield table[slot] ?? 0;
}

/** FNV-1a over serial numbers. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let state = 0x811c9dc5;
  for (let at = start; at < end; at++) state = Math.imul(state ^ (bytes[at] ?? 0), 0x01000193);
  return (state ^ (state >>> 15)) >>> 0;
}
