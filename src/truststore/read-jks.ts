import { createHash, timingSafeEqual } from "node:crypto";
import { ok, fail, type Result } from "../x509/result.ts";
import { ByteCursor } from "./byte-cursor.ts";
import { WORDS } from "./java-words.ts";
import { MAX_ENTRIES } from "./limits.ts";
import { buildEntries, type FoundCertificate, unreadableCertificates } from "./store-entry.ts";
import { type StoreError, StoreFault } from "./store-error.ts";
import type { ReadOptions } from "./store-reader.ts";
import {
  type EntryKind,
  type JavaLoading,
  NOTHING_SKIPPED,
  type StoreAnomaly,
  type StoreEntry,
  type StoreFile,
} from "./truststore.ts";

/** First four bytes of a JKS file. */
export const JKS_MAGIC = 0xfeedfeed;

const DIGEST_BYTES = 20;
const DIGEST_SALT = "Mighty Aphrodite";
const CERTIFICATE_TYPES: ReadonlySet<string> = new Set(["X.509", "X509"]);

/** An alias as stored, and what it stands for. */
interface JksEntry {
  readonly alias: string;
  readonly date: number | null;
  /** One certificate, or the chain of a private key. */
  readonly certificates: readonly Uint8Array[];
  readonly isKey: boolean;
}

interface JksContent {
  readonly version: number;
  readonly entries: readonly JksEntry[];
  readonly anomalies: readonly StoreAnomaly[];
  /** Offset of the digest. */
  readonly end: number;
}

/**
 * Reads a Java keystore of type JKS (sun.security.provider.JavaKeyStore). All certificates are readable without
 * password; with a wrong one they are returned with integrity `wrong`.
 */
// Not async: nothing waits, and an async body would only turn results into promises one tick later.
export function readJks(
  bytes: Uint8Array,
  { password }: ReadOptions,
): Promise<Result<StoreFile, StoreError>> {
  try {
    return Promise.resolve(ok(assemble(bytes, readContent(new ByteCursor(bytes)), password)));
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    const javaMessage =
      error.error.code === "truncated" ? WORDS.endOfFile : error.error.javaMessage;
    return Promise.resolve(fail({ ...error.error, format: "jks", javaMessage }));
  }
}

function readContent(cursor: ByteCursor): JksContent {
  cursor.skip(4, "the JKS magic number");
  const version = cursor.u32("the JKS version");
  if (version !== 1 && version !== 2)
    throw new StoreFault("malformed", `JKS version ${version} at offset 4 is not 1 or 2`, {
      offset: 4,
      javaMessage: WORDS.invalidFormat,
    });
  const count = cursor.u32("the JKS entry count");
  if (count > MAX_ENTRIES)
    throw new StoreFault(
      "too-many-entries",
      `JKS announces ${count} entries; at most ${MAX_ENTRIES} are read`,
      {
        offset: 8,
      },
    );
  const anomalies: StoreAnomaly[] = [];
  const entries: JksEntry[] = [];
  let certificates = 0;
  for (let number = 1; number <= count; number++) {
    const entry = readEntry(cursor, version, `entry ${number} of ${count}`, anomalies);
    entries.push(entry);
    certificates += entry.certificates.length;
    if (certificates > MAX_ENTRIES)
      throw new StoreFault("too-many-entries", `JKS holds more than ${MAX_ENTRIES} certificates`);
  }
  return { version, entries, anomalies, end: cursor.offset };
}

function readEntry(
  cursor: ByteCursor,
  version: number,
  what: string,
  anomalies: StoreAnomaly[],
): JksEntry {
  const start = cursor.offset;
  const tag = cursor.u32(what);
  if (tag !== 1 && tag !== 2)
    throw new StoreFault(
      "malformed",
      `JKS ${what} has tag ${tag} at offset ${start}; 1 (private key) or 2 (certificate) was expected`,
      {
        offset: start,
        javaMessage: `java.io.IOException: Unrecognized keystore entry: ${tag | 0}`,
      },
    );
  const alias = cursor.javaText(`the alias of ${what}`);
  const date = cursor.i64(`the date of ${what}`);
  const isKey = tag === 1;
  if (isKey) cursor.skip(cursor.u32(`the key of ${what}`), `the key of ${what}`);
  const count = isKey ? cursor.u32(`the chain length of ${what}`) : 1;
  if (count > MAX_ENTRIES)
    throw new StoreFault(
      "too-many-entries",
      `JKS ${what} announces a chain of ${count} certificates`,
      {
        offset: cursor.offset - 4,
      },
    );
  const certificates: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    if (version === 2) {
      const type = cursor.javaText(`the certificate type of ${what}`);
      if (!CERTIFICATE_TYPES.has(type.toUpperCase()))
        anomalies.push({
          code: "certificate-type-unusual",
          message: `Entry '${alias}' holds a certificate of type '${type.slice(0, 40)}' instead of X.509`,
        });
    }
    const length = cursor.u32(`the certificate of ${what}`);
    certificates.push(cursor.take(length, `the certificate of ${what}`));
  }
  return { alias, date, certificates, isKey };
}

function assemble(bytes: Uint8Array, content: JksContent, password: string | null): StoreFile {
  const { version, entries, end } = content;
  const digest = bytes.subarray(end, end + DIGEST_BYTES);
  const complete = digest.length === DIGEST_BYTES;
  const integrity =
    password === null
      ? "unchecked"
      : complete && timingSafeEqual(digest, keyedDigest(password, bytes.subarray(0, end)))
        ? "ok"
        : "wrong";
  const overwritten = overwrittenEntries(entries);
  const certificates = buildEntries(
    entries.flatMap((entry) => foundCertificates(entry, overwritten.has(entry))),
    "jks",
  );
  const anomalies: StoreAnomaly[] = [
    ...content.anomalies,
    ...unreadableCertificates(certificates),
    ...entries.filter((entry) => overwritten.has(entry)).map(duplicateAlias),
  ];
  if (!complete)
    anomalies.push({
      code: "digest-missing",
      message: `File ends ${DIGEST_BYTES - digest.length} bytes before the end of its digest: it was cut off`,
    });
  const extra = bytes.length - end - DIGEST_BYTES;
  if (extra > 0)
    anomalies.push({
      code: "trailing-bytes",
      message: `${extra} bytes follow the digest; Java ignores them`,
    });
  return {
    path: null,
    format: "jks",
    flavour: {
      summary: `JKS version ${version}, certificates in the clear, SHA-1 keyed digest`,
      version,
      encryption: [],
      mac: { algorithm: "SHA-1 keyed digest", keyDerivation: null, iterations: null },
    },
    integrity,
    entries: certificates,
    skipped: { ...NOTHING_SKIPPED, privateKeys: entries.filter(({ isKey }) => isKey).length },
    anomalies,
    java: javaLoading(integrity, complete, certificates),
    message: integrityMessage(integrity, complete),
  };
}

function foundCertificates(entry: JksEntry, overwritten: boolean): readonly FoundCertificate[] {
  const { alias, date, isKey } = entry;
  return entry.certificates.map((der, position) => {
    const kind: EntryKind = isKey ? { kind: "key", position } : { kind: "certificate" };
    const javaReason = overwritten
      ? "alias-overwritten"
      : alias !== alias.toLowerCase()
        ? "alias-not-lower-case"
        : position > 0
          ? "not-first-in-key-chain"
          : null;
    return { der, alias, date, kind, javaReason };
  });
}

/** Entries that a later one with the same stored alias replaces; Java keeps entries in a table by alias. */
function overwrittenEntries(entries: readonly JksEntry[]): ReadonlySet<JksEntry> {
  const last = new Map(entries.map((entry) => [entry.alias, entry]));
  return new Set(entries.filter((entry) => last.get(entry.alias) !== entry));
}

function duplicateAlias({ alias }: JksEntry): StoreAnomaly {
  return {
    code: "duplicate-alias",
    message: `Alias '${alias}' occurs again further on; Java and keytool see the last entry only`,
  };
}

/** SHA-1 over the password as UTF-16BE, a constant, and everything before the digest. */
function keyedDigest(password: string, content: Uint8Array): Uint8Array {
  return createHash("sha1")
    .update(Buffer.from(password, "utf16le").swap16())
    .update(DIGEST_SALT, "latin1")
    .update(content)
    .digest();
}

function javaLoading(
  integrity: StoreFile["integrity"],
  complete: boolean,
  entries: readonly StoreEntry[],
): JavaLoading {
  if (entries.some(({ certificate }) => !certificate.ok))
    return { opens: false, message: WORDS.certificateUnreadable };
  if (integrity !== "wrong") return { opens: true };
  return { opens: false, message: complete ? WORDS.jksWrongPassword : WORDS.endOfFile };
}

function integrityMessage(integrity: StoreFile["integrity"], complete: boolean): string | null {
  if (integrity === "ok") return null;
  if (integrity === "unchecked")
    return "No password was given: the integrity of the file is unchecked";
  return complete
    ? "The password is wrong or the file was changed: the certificates below are not authenticated"
    : "The file was cut off inside its digest: the certificates below are not authenticated";
}
