import { DerError } from "../x509/der.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import { pkcs12Refusal } from "./java-der-words.ts";
import { buildEntries, type FoundCertificate, unreadableCertificates } from "./store-entry.ts";
import { type StoreError, storeError, StoreFault } from "./store-error.ts";
import {
  NOTHING_SKIPPED,
  type SkippedCounts,
  type StoreAnomaly,
  type StoreEntry,
  type StoreFile,
  type StoreFormat,
} from "./truststore.ts";

/** Formats without password and integrity. */
export type PlainFormat = Extract<StoreFormat, "pem" | "der" | "pkcs7" | "pkipath">;

/** What the reader of a plain format found. */
export interface PlainContent {
  readonly summary: string;
  readonly found: readonly FoundCertificate[];
  readonly skipped?: Partial<SkippedCounts>;
  readonly anomalies?: readonly StoreAnomaly[];
  readonly message?: string | null;
  /** What the entries say of one another. */
  readonly compare?: (entries: readonly StoreEntry[]) => readonly StoreEntry[];
}

/** Runs the reader of a plain format and turns what it throws into data. */
export function readPlainFile(
  format: PlainFormat,
  bytes: Uint8Array,
  read: () => PlainContent,
): Promise<Result<StoreFile, StoreError>> {
  const javaMessage = pkcs12Refusal(bytes);
  try {
    const content = read();
    const built = buildEntries(content.found, format);
    const entries = content.compare?.(built) ?? built;
    return Promise.resolve(
      ok({
        path: null,
        format,
        flavour: { summary: content.summary, version: null, encryption: [], mac: null },
        integrity: "unchecked",
        entries,
        skipped: { ...NOTHING_SKIPPED, ...content.skipped },
        anomalies: [...(content.anomalies ?? []), ...unreadableCertificates(entries)],
        java: { opens: false, message: javaMessage },
        message: content.message ?? null,
      }),
    );
  } catch (error) {
    if (error instanceof StoreFault)
      return Promise.resolve(fail({ ...error.error, format, javaMessage }));
    if (!(error instanceof DerError)) throw error;
    const code = error.code === "truncated" ? "truncated" : "malformed";
    return Promise.resolve(
      fail(storeError(code, error.message, { format, offset: error.offset, javaMessage })),
    );
  }
}

/** A certificate without name and date. */
export function bareCertificate(der: Uint8Array): FoundCertificate {
  return { der, alias: null, date: null, kind: { kind: "certificate" }, javaReason: null };
}
