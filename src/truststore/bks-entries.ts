import { ByteCursor } from "./byte-cursor.ts";
import { MAX_ENTRIES } from "./limits.ts";
import { StoreFault } from "./store-error.ts";

/** Bytes of the HMAC at the end of a BKS file. */
export const BKS_MAC_BYTES = 20;

/** One entry of a BKS file. */
export interface BksEntry {
  readonly alias: string;
  readonly date: number | null;
  /** `sealed` is a private or secret key, encrypted with a password of its own. */
  readonly kind: "certificate" | "key" | "secret" | "sealed";
  /** The trusted certificate, or the chain that is stored with a key. */
  readonly certificates: readonly Uint8Array[];
}

/** A BKS file taken apart. */
export interface BksContent {
  readonly version: number;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly entries: readonly BksEntry[];
  /** What the HMAC is computed over: the entries and the zero octet behind them. */
  readonly authenticated: Uint8Array;
  /** Offset of the HMAC. */
  readonly end: number;
}

/** Longest salt that is read; BouncyCastle writes 20 octets. */
const MAX_SALT = 1024;

/** Entry types by their octet; zero ends the list. */
const KINDS = ["end", "certificate", "key", "secret", "sealed"] as const;

/**
 * Takes a BouncyCastle keystore of type BKS apart (org.bouncycastle.jcajce.provider.keystore.bc.BcKeyStoreSpi);
 * versions 0, 1 and 2 differ in the length of the key of their HMAC only.
 * @throws {StoreFault}
 */
export function readBksContent(bytes: Uint8Array): BksContent {
  const cursor = new ByteCursor(bytes);
  const version = cursor.u32("the BKS version");
  if (version > 2)
    throw new StoreFault("malformed", `BKS version ${version} at offset 0 is not 0, 1 or 2`, {
      offset: 0,
      javaMessage: "java.io.IOException: Wrong version of key store.",
    });
  const saltLength = cursor.u32("the length of the salt");
  if (saltLength === 0 || saltLength > MAX_SALT)
    throw new StoreFault(
      "malformed",
      `Salt of ${saltLength} octets at offset 4; 20 were expected, and at most ${MAX_SALT} are read`,
      { offset: 4 },
    );
  const salt = cursor.take(saltLength, "the salt");
  const iterations = cursor.u32("the iteration count");
  const start = cursor.offset;
  const entries = readEntries(cursor);
  return {
    version,
    salt,
    iterations,
    entries,
    authenticated: bytes.subarray(start, cursor.offset),
    end: cursor.offset,
  };
}

function readEntries(cursor: ByteCursor): readonly BksEntry[] {
  const entries: BksEntry[] = [];
  let certificates = 0;
  for (;;) {
    const what = `entry ${entries.length + 1}`;
    const start = cursor.offset;
    const type = cursor.u8(what);
    const kind = KINDS[type];
    if (kind === "end") return entries;
    if (kind === undefined)
      throw new StoreFault(
        "malformed",
        `BKS ${what} has type ${type} at offset ${start}; 1 (certificate) to 4 (sealed key), or 0 at the end, was expected`,
        { offset: start, javaMessage: "java.io.IOException: Unknown object type in store." },
      );
    const entry = readEntry(cursor, kind, what);
    entries.push(entry);
    certificates += entry.certificates.length;
    if (entries.length + certificates > 2 * MAX_ENTRIES)
      throw new StoreFault("too-many-entries", `BKS holds more than ${MAX_ENTRIES} entries`);
  }
}

function readEntry(cursor: ByteCursor, kind: BksEntry["kind"], what: string): BksEntry {
  const alias = cursor.javaText(`the alias of ${what}`);
  const date = cursor.i64(`the date of ${what}`);
  const count = cursor.u32(`the chain length of ${what}`);
  if (count > MAX_ENTRIES)
    throw new StoreFault(
      "too-many-entries",
      `BKS ${what} announces a chain of ${count} certificates`,
      { offset: cursor.offset - 4 },
    );
  const certificates: Uint8Array[] = [];
  for (let i = 0; i < count; i++) certificates.push(readCertificate(cursor, what));
  switch (kind) {
    case "certificate":
      // The chain of a certificate entry has no use; BouncyCastle writes none.
      return { alias, date, kind, certificates: [readCertificate(cursor, what)] };
    case "key":
      cursor.skip(1, `the key of ${what}`);
      cursor.skip(cursor.u16(`the key of ${what}`), `the key format of ${what}`);
      cursor.skip(cursor.u16(`the key of ${what}`), `the key algorithm of ${what}`);
      break;
    case "secret":
    case "sealed":
      break;
  }
  cursor.skip(cursor.u32(`the key of ${what}`), `the key of ${what}`);
  return { alias, date, kind, certificates };
}

function readCertificate(cursor: ByteCursor, what: string): Uint8Array {
  cursor.skip(cursor.u16(`a certificate of ${what}`), `the certificate type of ${what}`);
  return cursor.take(cursor.u32(`a certificate of ${what}`), `a certificate of ${what}`);
}
