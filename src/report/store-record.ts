import type { StoreEntry, StoreError, StoreFile } from "../truststore/truststore.ts";
import { timeText } from "./check-record.ts";

/** One certificate of a store as it leaves the program. Names and dates are null when it cannot be parsed. */
export interface StoreEntryRecord {
  readonly index: number;
  readonly alias: string | null;
  readonly kind: "certificate" | "key";
  /** Position in the chain of a private key, 0 is the key's own certificate; null for trusted certificates. */
  readonly chainPosition: number | null;
  readonly subject: string | null;
  readonly issuer: string | null;
  readonly sha256: string;
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  /** Date stored with the entry. */
  readonly stored: string | null;
  readonly visibleToJava: boolean;
  /** Why Java does not see the entry as an anchor; null when it does. */
  readonly invisibleReason: string | null;
}

/** A store as `store list --format json` writes it. */
export interface StoreRecord {
  readonly path: string | null;
  readonly format: string;
  readonly flavour: string;
  readonly integrity: "ok" | "wrong" | "unchecked";
  readonly entries: readonly StoreEntryRecord[];
  readonly skipped: StoreFile["skipped"];
  readonly anomalies: readonly string[];
  /** Whether a Java program opens the file as a keystore, with the same password, and what it says otherwise. */
  readonly java: { readonly opens: boolean; readonly message: string | null };
  readonly message: string | null;
}

/** One certificate as `store list --format ndjson` writes it. */
export interface StoreLineRecord extends StoreEntryRecord {
  readonly path: string;
}

/** A store that could not be read, in the same place. */
export interface StoreErrorRecord {
  readonly path: string | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly javaMessage: string | null;
    readonly remedy: readonly string[];
  };
}

/** The machine-readable form of a store. */
export function storeRecord(file: StoreFile): StoreRecord {
  const { path, format, flavour, integrity, entries, skipped, anomalies, java, message } = file;
  return {
    path,
    format,
    flavour: flavour.summary,
    integrity,
    entries: entries.map(storeEntryRecord),
    skipped,
    anomalies: anomalies.map((anomaly) => anomaly.message),
    java: { opens: java.opens, message: java.opens ? null : java.message },
    message,
  };
}

/** The machine-readable form of every certificate of a store. */
export function storeLineRecords(path: string, { entries }: StoreFile): readonly StoreLineRecord[] {
  return entries.map((entry) => ({ path, ...storeEntryRecord(entry) }));
}

function storeEntryRecord(entry: StoreEntry): StoreEntryRecord {
  const certificate = entry.certificate.ok ? entry.certificate.value : null;
  const { visibleToJava } = entry;
  return {
    index: entry.index,
    alias: entry.alias,
    kind: entry.kind.kind,
    chainPosition: entry.kind.kind === "key" ? entry.kind.position : null,
    subject: certificate?.subject.text ?? null,
    issuer: certificate?.issuer.text ?? null,
    sha256: entry.sha256,
    notBefore: certificate === null ? null : timeText(certificate.notBefore),
    notAfter: certificate === null ? null : timeText(certificate.notAfter),
    stored: entry.date === null ? null : timeText(entry.date),
    visibleToJava: visibleToJava.visible,
    invisibleReason: visibleToJava.visible ? null : visibleToJava.reason,
  };
}

/** The machine-readable form of a failure to read a store. */
export function storeErrorRecord(error: StoreError): StoreErrorRecord {
  const { path, code, message, javaMessage, remedy } = error;
  return { path, error: { code, message, javaMessage, remedy } };
}
