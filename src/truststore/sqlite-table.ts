import { utf8 } from "../x509/der-values.ts";
import { StoreFault } from "./store-error.ts";

/** A value of a row. */
export type SqliteValue = Uint8Array | string | number | null;

/** A table of an SQLite database file. */
export interface SqliteTable {
  /** Names of the columns in the order of their values. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqliteValue[])[];
}

const HEADER_BYTES = 100;
const SCHEMA_PAGE = 1;

/** Most rows of one table; a row for each certificate and one for its trust are usual. */
const MAX_ROWS = 50_000;
/** Most values of one row; NSS has about a hundred columns. */
const MAX_VALUES = 2_000;
/** A tree of more levels cannot be filled by a file of the size that is read. */
const MAX_LEVELS = 20;

const PageType = { interior: 0x05, leaf: 0x0d } as const;

/**
 * Reads all rows of one ordinary table out of the bytes of an SQLite 3 database (sqlite.org/fileformat2.html), by
 * walking its pages; no SQL is executed, so that a file cannot make anything happen. Null where there is no such table.
 * Changes that wait in a write-ahead log or rollback journal beside the file are not seen.
 * @throws {StoreFault} truncated, malformed or too-many-entries
 */
export function readSqliteTable(bytes: Uint8Array, name: string): SqliteTable | null {
  const pages = new Pages(bytes);
  for (const [type, , table, root, sql] of pages.rows(SCHEMA_PAGE)) {
    if (type !== "table" || table !== name || typeof root !== "number") continue;
    // A virtual table has no pages, and code behind it.
    const columns = typeof sql === "string" ? columnNames(sql) : null;
    if (columns === null) return null;
    return { columns, rows: pages.rows(root) };
  }
  return null;
}

/** Column names of a plain `CREATE TABLE name (a type, b, ...)`; null for any other statement. */
function columnNames(sql: string): readonly string[] | null {
  const [, list] = /^CREATE TABLE [^(]{1,200}\(([^()]*)\)\s*$/i.exec(sql) ?? [];
  if (list === undefined) return null;
  return list
    .split(",")
    .map((column) => column.trim().split(/\s/, 1)[0]?.replaceAll('"', "") ?? "");
}

class Pages {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #pageBytes: number;
  /** Bytes of a page without what is reserved at its end. */
  readonly #usable: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < HEADER_BYTES)
      throw new StoreFault("truncated", "SQLite database ends inside its header", {
        offset: bytes.length,
      });
    const size = this.#view.getUint16(16);
    this.#pageBytes = size === 1 ? 65_536 : size;
    this.#usable = this.#pageBytes - (bytes[20] ?? 0);
    if (this.#pageBytes < 512 || (this.#pageBytes & (this.#pageBytes - 1)) !== 0)
      throw new StoreFault("malformed", `SQLite page size ${size} at offset 16 is impossible`, {
        offset: 16,
      });
    if (this.#view.getUint32(56) > 1)
      throw new StoreFault("malformed", "SQLite database is not encoded in UTF-8", { offset: 56 });
  }

  /** Rows of the table whose tree begins at a page, in order. */
  rows(root: number): readonly (readonly SqliteValue[])[] {
    const rows: (readonly SqliteValue[])[] = [];
    this.#walk(root, 0, new Set(), rows);
    return rows;
  }

  #walk(page: number, level: number, seen: Set<number>, rows: (readonly SqliteValue[])[]): void {
    if (level > MAX_LEVELS || seen.has(page)) throw this.#damaged(page, "is part of a circle");
    seen.add(page);
    const start = this.#startOf(page);
    const header = start + (page === SCHEMA_PAGE ? HEADER_BYTES : 0);
    const type = this.#u8(header);
    const count = this.#u16(header + 3);
    if (type !== PageType.leaf && type !== PageType.interior)
      throw this.#damaged(page, `has type ${type}`);
    const pointers = header + (type === PageType.interior ? 12 : 8);
    for (let cell = 0; cell < count; cell++) {
      const at = start + this.#u16(pointers + 2 * cell);
      if (type === PageType.interior) this.#walk(this.#u32(at), level + 1, seen, rows);
      else {
        if (rows.length >= MAX_ROWS)
          throw new StoreFault("too-many-entries", `A table holds more than ${MAX_ROWS} rows`);
        rows.push(this.#record(this.#payload(at, page)));
      }
    }
    if (type === PageType.interior) this.#walk(this.#u32(header + 8), level + 1, seen, rows);
  }

  #startOf(page: number): number {
    const start = (page - 1) * this.#pageBytes;
    if (page < 1 || start + this.#pageBytes > this.#bytes.length)
      throw new StoreFault(
        "truncated",
        `SQLite database of ${this.#bytes.length} bytes lacks its page ${page}`,
        { offset: this.#bytes.length },
      );
    return start;
  }

  #damaged(page: number, what: string): StoreFault {
    return new StoreFault("malformed", `SQLite database is damaged: page ${page} ${what}`, {
      offset: (page - 1) * this.#pageBytes,
    });
  }

  /** The bytes of a cell, with what lies on overflow pages. */
  #payload(at: number, page: number): Uint8Array {
    const size = this.#varint(at);
    const key = this.#varint(size.end);
    const length = size.value;
    const local = this.#localBytes(length);
    if (length > this.#bytes.length || key.end + local > this.#bytes.length)
      throw this.#damaged(page, `has a row of ${length} bytes`);
    const first = this.#bytes.subarray(key.end, key.end + local);
    if (local === length) return first;
    const payload = new Uint8Array(length);
    payload.set(first);
    let next = this.#u32(key.end + local);
    for (let filled = local; filled < length; filled += this.#usable - 4) {
      const start = this.#startOf(next);
      const part = Math.min(length - filled, this.#usable - 4);
      payload.set(this.#bytes.subarray(start + 4, start + 4 + part), filled);
      next = this.#u32(start);
    }
    return payload;
  }

  /** How much of a row lies on the page of its cell (section 1.6 of the description). */
  #localBytes(length: number): number {
    const most = this.#usable - 35;
    if (length <= most) return length;
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
    const wanted = least + ((length - least) % (this.#usable - 4));
    return wanted <= most ? wanted : least;
  }

  /** Values of a record (section 2.1 of the description). */
  #record(payload: Uint8Array): readonly SqliteValue[] {
    const header = readVarint(payload, 0);
    const values: SqliteValue[] = [];
    let body = header.value;
    for (let at = header.end; at < header.value;) {
      const type = readVarint(payload, at);
      at = type.end;
      const size = sizeOf(type.value);
      if (body + size > payload.length || values.length >= MAX_VALUES)
        throw new StoreFault("malformed", "SQLite database is damaged: a row ends inside a value");
      values.push(valueOf(type.value, payload.subarray(body, body + size)));
      body += size;
    }
    return values;
  }

  #varint(at: number): Varint {
    return readVarint(this.#bytes, at);
  }

  #u8(at: number): number {
    return this.#bytes[at] ?? 0;
  }

  #u16(at: number): number {
    return (this.#u8(at) << 8) | this.#u8(at + 1);
  }

  #u32(at: number): number {
    return this.#u16(at) * 2 ** 16 + this.#u16(at + 2);
  }
}

interface Varint {
  readonly value: number;
  readonly end: number;
}

/** Seven bits an octet, eight in the ninth; beyond 2^53 the value loses precision and is refused by its users as too large. */
function readVarint(bytes: Uint8Array, at: number): Varint {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const octet = bytes[at + i];
    if (octet === undefined)
      throw new StoreFault("malformed", "SQLite database is damaged: it ends inside a number");
    value = value * 128 + (octet & 0x7f);
    if (octet < 0x80) return { value, end: at + i + 1 };
  }
  return { value: value * 256 + (bytes[at + 8] ?? 0), end: at + 9 };
}

const INTEGER_SIZES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0] as const;

function sizeOf(type: number): number {
  return type < 10 ? (INTEGER_SIZES[type] ?? 0) : Math.floor((type - 12) / 2);
}

function valueOf(type: number, bytes: Uint8Array): SqliteValue {
  if (type >= 12) return type % 2 === 0 ? bytes : utf8(bytes);
  if (type === 0 || type === 7) return null;
  if (type === 8 || type === 9) return type - 8;
  if (bytes.length === 8) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Number(view.getBigInt64(0));
  }
  let value = (bytes[0] ?? 0) >= 0x80 ? -1 : 0;
  for (const octet of bytes) value = value * 256 + octet;
  return value;
}
