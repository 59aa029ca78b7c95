import { createHash, timingSafeEqual } from "node:crypto";
import { ok, fail, type Result } from "../x509/result.ts";
import { WORDS } from "./java-words.ts";
import { JKS_DIGEST_BYTES, type JksContent, type JksEntry, readJksContent } from "./jks-entries.ts";
import { buildEntries, type FoundCertificate, unreadableCertificates } from "./store-entry.ts";
import { type StoreError, StoreFault } from "./store-error.ts";
import type { ReadOptions, StoreReader } from "./store-reader.ts";
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

const DIGEST_SALT = "Mighty Aphrodite";

/**
 * Reads a Java keystore of type JKS. All certificates are readable without password; with a wrong one they are returned
 * with integrity `wrong`.
 */
export const readJks: StoreReader = (bytes, options) => read("jks", bytes, options);

/** Reads a Java keystore of type JCEKS, as JKS; secret keys are counted and stepped over. */
export const readJceks: StoreReader = (bytes, options) => read("jceks", bytes, options);

// Not async: nothing waits, and an async body would only turn results into promises one tick later.
function read(
  format: "jks" | "jceks",
  bytes: Uint8Array,
  { password }: ReadOptions,
): Promise<Result<StoreFile, StoreError>> {
  try {
    return Promise.resolve(ok(assemble(format, bytes, readJksContent(bytes, format), password)));
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    const javaMessage =
      error.error.code === "truncated" ? WORDS.endOfFile : error.error.javaMessage;
    return Promise.resolve(fail({ ...error.error, format, javaMessage }));
  }
}

function assemble(
  format: "jks" | "jceks",
  bytes: Uint8Array,
  content: JksContent,
  password: string | null,
): StoreFile {
  const { version, entries, end } = content;
  const digest = bytes.subarray(end, end + JKS_DIGEST_BYTES);
  const complete = digest.length === JKS_DIGEST_BYTES;
  const integrity =
    password === null
      ? "unchecked"
      : complete && timingSafeEqual(digest, keyedDigest(password, bytes.subarray(0, end)))
        ? "ok"
        : "wrong";
  const overwritten = overwrittenEntries(entries);
  const certificates = buildEntries(
    entries.flatMap((entry) => foundCertificates(entry, overwritten.has(entry))),
    format,
  );
  const anomalies: StoreAnomaly[] = [
    ...content.anomalies,
    ...unreadableCertificates(certificates),
    ...entries.filter((entry) => overwritten.has(entry)).map(duplicateAlias),
  ];
  if (!complete)
    anomalies.push({
      code: "digest-missing",
      message: `File ends ${JKS_DIGEST_BYTES - digest.length} bytes before the end of its digest: it was cut off`,
    });
  const extra = bytes.length - end - JKS_DIGEST_BYTES;
  if (extra > 0)
    anomalies.push({
      code: "trailing-bytes",
      message: `${extra} bytes follow the digest; Java ignores them`,
    });
  const count = (wanted: JksEntry["kind"]): number =>
    entries.filter(({ kind }) => kind === wanted).length;
  return {
    path: null,
    format,
    flavour: {
      summary: `${format.toUpperCase()} version ${version}, certificates in the clear, SHA-1 keyed digest`,
      version,
      encryption: [],
      mac: { algorithm: "SHA-1 keyed digest", keyDerivation: null, iterations: null },
    },
    integrity,
    entries: certificates,
    skipped: {
      ...NOTHING_SKIPPED,
      privateKeys: count("private-key"),
      secretKeys: count("secret-key"),
    },
    anomalies,
    java: javaLoading(integrity, complete, certificates),
    message: integrityMessage(integrity, complete),
  };
}

function foundCertificates(entry: JksEntry, overwritten: boolean): readonly FoundCertificate[] {
  const { alias, date } = entry;
  return entry.certificates.map((der, position) => {
    const kind: EntryKind =
      entry.kind === "certificate" ? { kind: "certificate" } : { kind: "key", position };
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
