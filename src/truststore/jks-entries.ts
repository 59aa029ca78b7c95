import { ByteCursor } from "./byte-cursor.ts";
import { skipJavaObject } from "./java-object-stream.ts";
import { WORDS } from "./java-words.ts";
import { MAX_ENTRIES } from "./limits.ts";
import { StoreFault } from "./store-error.ts";
import type { StoreAnomaly } from "./truststore.ts";

/** Bytes of the keyed digest at the end. */
export const JKS_DIGEST_BYTES = 20;

const CERTIFICATE_TYPES: ReadonlySet<string> = new Set(["X.509", "X509"]);

const Tag = { privateKey: 1, certificate: 2, secretKey: 3 } as const;

/** An alias as stored, and what it stands for. */
export interface JksEntry {
  readonly alias: string;
  readonly date: number | null;
  readonly kind: "certificate" | "private-key" | "secret-key";
  /** The EncryptedPrivateKeyInfo of a private key; null for other entries. */
  readonly protectedKey: Uint8Array | null;
  /** One certificate, the chain of a private key, or nothing. */
  readonly certificates: readonly Uint8Array[];
}

/** What a keystore of type JKS or JCEKS holds. */
export interface JksContent {
  readonly version: number;
  readonly entries: readonly JksEntry[];
  readonly anomalies: readonly StoreAnomaly[];
  /** Offset of the digest. */
  readonly end: number;
}

/** How far behind a secret key that is not understood the next entry is searched, in bytes. */
const MAX_SEARCH_BYTES = 2 ** 18;

/** Most places that are tried as the beginning of the next entry, in a whole file. */
const MAX_TRIALS = 200;

/**
 * Reads the entries of a keystore of type JKS (sun.security.provider.JavaKeyStore) or JCEKS
 * (com.sun.crypto.provider.JceKeyStore), which differ in their first four bytes and in secret keys.
 * @throws {StoreFault}
 */
export function readJksContent(bytes: Uint8Array, format: "jks" | "jceks"): JksContent {
  const name = format.toUpperCase();
  const cursor = new ByteCursor(bytes);
  cursor.skip(4, `the ${name} magic number`);
  const version = cursor.u32(`the ${name} version`);
  if (version !== 1 && version !== 2)
    throw new StoreFault("malformed", `${name} version ${version} at offset 4 is not 1 or 2`, {
      offset: 4,
      javaMessage: WORDS.invalidFormat,
    });
  const count = cursor.u32(`the ${name} entry count`);
  if (count > MAX_ENTRIES)
    throw new StoreFault(
      "too-many-entries",
      `${name} announces ${count} entries; at most ${MAX_ENTRIES} are read`,
      { offset: 8 },
    );
  const reader = new EntryReader(bytes, { name, version, count, secrets: format === "jceks" });
  const { entries, end } = reader.read(cursor, 1);
  return { version, entries, anomalies: reader.anomalies, end };
}

interface Layout {
  readonly name: string;
  readonly version: number;
  /** Entries that the file announces. */
  readonly count: number;
  /** Whether secret keys may occur. */
  readonly secrets: boolean;
}

/** Entries, and the offset behind the last. */
interface EntryRun {
  readonly entries: readonly JksEntry[];
  readonly end: number;
}

class EntryReader {
  readonly anomalies: StoreAnomaly[] = [];
  readonly #bytes: Uint8Array;
  readonly #layout: Layout;
  #trials = 0;

  constructor(bytes: Uint8Array, layout: Layout) {
    this.#bytes = bytes;
    this.#layout = layout;
  }

  /** Reads entries from number `first` on, counted from 1. @throws {StoreFault} */
  read(cursor: ByteCursor, first: number): EntryRun {
    const { name, count } = this.#layout;
    const entries: JksEntry[] = [];
    let total = 0;
    for (let number = first; number <= count; number++) {
      const what = `entry ${number} of ${count}`;
      const head = this.#head(cursor, what);
      if (head.kind === "secret-key") {
        entries.push({ ...head, protectedKey: null, certificates: [] });
        const rest = this.#stepOverSecret(cursor, number, head.alias);
        if (rest !== null) return { entries: [...entries, ...rest.entries], end: rest.end };
        continue;
      }
      const protectedKey =
        head.kind === "private-key"
          ? cursor.take(cursor.u32(`the key of ${what}`), `the key of ${what}`)
          : null;
      const certificates = this.#certificates(cursor, what, head);
      const entry = { ...head, protectedKey, certificates };
      entries.push(entry);
      total += certificates.length;
      if (total > MAX_ENTRIES)
        throw new StoreFault(
          "too-many-entries",
          `${name} holds more than ${MAX_ENTRIES} certificates`,
        );
    }
    return { entries, end: cursor.offset };
  }

  #head(cursor: ByteCursor, what: string): Pick<JksEntry, "alias" | "date" | "kind"> {
    const { name, secrets } = this.#layout;
    const start = cursor.offset;
    const tag = cursor.u32(what);
    const kind =
      tag === Tag.privateKey
        ? ("private-key" as const)
        : tag === Tag.certificate
          ? ("certificate" as const)
          : tag === Tag.secretKey && secrets
            ? ("secret-key" as const)
            : null;
    if (kind === null)
      throw new StoreFault(
        "malformed",
        `${name} ${what} has tag ${tag} at offset ${start}; 1 (private key)${secrets ? ", 2 (certificate) or 3 (secret key)" : " or 2 (certificate)"} was expected`,
        {
          offset: start,
          javaMessage: `java.io.IOException: Unrecognized keystore entry: ${tag | 0}`,
        },
      );
    const alias = cursor.javaText(`the alias of ${what}`);
    const date = cursor.i64(`the date of ${what}`);
    return { alias, date, kind };
  }

  #certificates(
    cursor: ByteCursor,
    what: string,
    { alias, kind }: Pick<JksEntry, "alias" | "kind">,
  ): readonly Uint8Array[] {
    const { name, version } = this.#layout;
    const isKey = kind === "private-key";
    const count = isKey ? cursor.u32(`the chain length of ${what}`) : 1;
    if (count > MAX_ENTRIES)
      throw new StoreFault(
        "too-many-entries",
        `${name} ${what} announces a chain of ${count} certificates`,
        { offset: cursor.offset - 4 },
      );
    const certificates: Uint8Array[] = [];
    for (let i = 0; i < count; i++) {
      if (version === 2) {
        const type = cursor.javaText(`the certificate type of ${what}`);
        if (!CERTIFICATE_TYPES.has(type.toUpperCase()))
          this.anomalies.push({
            code: "certificate-type-unusual",
            message: `Entry '${alias}' holds a certificate of type '${type.slice(0, 40)}' instead of X.509`,
          });
      }
      const length = cursor.u32(`the certificate of ${what}`);
      certificates.push(cursor.take(length, `the certificate of ${what}`));
    }
    return certificates;
  }

  /**
   * Steps over the serialised key of entry `number`. Where it is not understood, the rest of the file is searched for
   * the place from which all further entries can be read up to the digest; the answer is then those entries.
   */
  #stepOverSecret(cursor: ByteCursor, number: number, alias: string): EntryRun | null {
    const start = cursor.offset;
    try {
      skipJavaObject(cursor);
      return null;
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      const rest = this.#findRest(start, number + 1);
      if (rest === null) throw error;
      this.anomalies.push({
        code: "secret-key-not-understood",
        message: `The secret key of entry '${alias}' is stored in an unusual way; it was stepped over`,
      });
      return rest;
    }
  }

  #findRest(from: number, number: number): EntryRun | null {
    const bytes = this.#bytes;
    const end = bytes.length - JKS_DIGEST_BYTES;
    if (number > this.#layout.count) return end >= from ? { entries: [], end } : null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const limit = Math.min(from + MAX_SEARCH_BYTES, end - 16);
    for (let at = from; at < limit && this.#trials < MAX_TRIALS; at++) {
      const tag = view.getUint32(at);
      if (tag < Tag.privateKey || tag > Tag.secretKey) continue;
      const dateAt = at + 6 + view.getUint16(at + 4);
      // Dates up to the year 10889 begin with two zero bytes.
      if (dateAt + 8 > end || view.getUint16(dateAt) !== 0) continue;
      this.#trials++;
      const noted = this.anomalies.length;
      try {
        const rest = this.read(new ByteCursor(bytes, at), number);
        if (rest.end === end) return rest;
      } catch (error) {
        if (!(error instanceof StoreFault)) throw error;
      }
      this.anomalies.length = noted;
    }
    return null;
  }
}
