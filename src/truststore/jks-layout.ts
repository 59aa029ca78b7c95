import { ByteCursor } from "./byte-cursor.ts";

/** Where one entry of a JKS file lies. */
export interface JksSpan {
  readonly alias: string;
  readonly isKey: boolean;
  /** Certificates in the entry: one, or the chain of a private key. */
  readonly certificates: number;
  /** The entry's octets, its protected key included. */
  readonly bytes: Uint8Array;
}

/** The parts of a JKS file, to be put together anew without looking into them. */
export interface JksLayout {
  readonly version: 1 | 2;
  readonly entries: readonly JksSpan[];
}

/**
 * Cuts a JKS file that `readJks` has accepted into its entries.
 * @throws {StoreFault} when the bytes are not such a file
 */
export function layOutJks(bytes: Uint8Array): JksLayout {
  const cursor = new ByteCursor(bytes);
  cursor.skip(4, "the JKS magic number");
  const version = cursor.u32("the JKS version") === 1 ? 1 : 2;
  const count = cursor.u32("the JKS entry count");
  const entries: JksSpan[] = [];
  for (let number = 1; number <= count; number++)
    entries.push(spanOf(cursor, version, `entry ${number} of ${count}`));
  return { version, entries };
}

function spanOf(cursor: ByteCursor, version: 1 | 2, what: string): JksSpan {
  const start = cursor.offset;
  const isKey = cursor.u32(what) === 1;
  const alias = cursor.javaText(what);
  cursor.i64(what);
  if (isKey) cursor.skip(cursor.u32(what), what);
  const certificates = isKey ? cursor.u32(what) : 1;
  for (let i = 0; i < certificates; i++) {
    if (version === 2) cursor.javaText(what);
    cursor.skip(cursor.u32(what), what);
  }
  return { alias, isKey, certificates, bytes: cursor.bytes.subarray(start, cursor.offset) };
}
