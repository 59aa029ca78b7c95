import { hash } from "node:crypto";
import type { StoreEntry, StoreError, StoreFile } from "../../truststore/truststore.ts";
import type { InvisibleReason, StoreFamily } from "../../truststore/visibility.ts";
import { timeText } from "../time-text.ts";
import { lifetimeLeft } from "./expiry-bar.ts";

/** One certificate of a store as it leaves the program. Names and dates are null when it cannot be parsed. */
export interface StoreEntryRecord {
  readonly index: number;
  readonly alias: string | null;
  readonly kind: "certificate" | "key";
  /** Position in the chain of a private key, 0 is the key's own certificate; null for trusted certificates. */
  readonly chainPosition: number | null;
  readonly subject: string | null;
  readonly issuer: string | null;
  /** Content octets in hexadecimal. */
  readonly serialNumber: string | null;
  readonly sha256: string;
  readonly sha1: string;
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  /** Whole days to the end, negative after it. */
  readonly daysLeft: number | null;
  /** Share of the lifetime that is left, 0 to 1. */
  readonly lifetimeLeft: number | null;
  /** Date stored with the entry. */
  readonly stored: string | null;
  readonly visibleToJava: boolean;
  /** Why Java does not see the entry as an anchor; null when it does. */
  readonly invisibleReason: string | null;
  /** For each kind of client: null where the entry is an anchor, else why it is none. */
  readonly anchors: Readonly<Record<StoreFamily, InvisibleReason | null>>;
  /** `index` of the first entry with the same certificate; null for that one itself. */
  readonly duplicateOf: number | null;
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

/** The machine-readable form of a store. @param at ms since 1970, for what is left of lifetimes */
export function storeRecord(file: StoreFile, at: number): StoreRecord {
  const { path, format, flavour, integrity, skipped, anomalies, java, message } = file;
  return {
    path,
    format,
    flavour: flavour.summary,
    integrity,
    entries: entryRecords(file, at),
    skipped,
    anomalies: anomalies.map((anomaly) => anomaly.message),
    java: { opens: java.opens, message: java.opens ? null : java.message },
    message,
  };
}

/** The machine-readable form of every certificate of a store. */
export function storeLineRecords(
  path: string,
  file: StoreFile,
  at: number,
): readonly StoreLineRecord[] {
  return entryRecords(file, at).map((record) => ({ path, ...record }));
}

function entryRecords({ entries }: StoreFile, at: number): readonly StoreEntryRecord[] {
  const twin = twins(entries);
  return entries.map((entry) => storeEntryRecord(entry, twin.get(entry) ?? null, at));
}

/** The machine-readable form of one entry. @param twin the first entry with the same certificate; null without one */
export function storeEntryRecord(
  entry: StoreEntry,
  twin: StoreEntry | null,
  at: number,
): StoreEntryRecord {
  const certificate = entry.certificate.ok ? entry.certificate.value : null;
  const { visibleToJava, visibleTo } = entry;
  const left =
    certificate === null ? null : lifetimeLeft(certificate.notBefore, certificate.notAfter, at);
  return {
    index: entry.index,
    alias: entry.alias,
    kind: entry.kind.kind,
    chainPosition: entry.kind.kind === "key" ? entry.kind.position : null,
    subject: certificate?.subject.text ?? null,
    issuer: certificate?.issuer.text ?? null,
    serialNumber: certificate?.serialNumber ?? null,
    sha256: entry.sha256,
    sha1: sha1Of(entry),
    notBefore: certificate === null ? null : timeText(certificate.notBefore),
    notAfter: certificate === null ? null : timeText(certificate.notAfter),
    daysLeft: left?.days ?? null,
    lifetimeLeft: left === null ? null : Math.round(left.share * 10_000) / 10_000,
    stored: entry.date === null ? null : timeText(entry.date),
    visibleToJava: visibleToJava.visible,
    invisibleReason: visibleToJava.visible ? null : visibleToJava.reason,
    anchors: anchorsOf(visibleTo),
    duplicateOf: twin?.index ?? null,
  };
}

function anchorsOf(visibleTo: StoreEntry["visibleTo"]): StoreEntryRecord["anchors"] {
  const reason = (family: StoreFamily): InvisibleReason | null => {
    const visibility = visibleTo[family];
    return visibility.visible ? null : visibility.reason;
  };
  return {
    java: reason("java"),
    openssl: reason("openssl"),
    go: reason("go"),
    nodejs: reason("nodejs"),
    gskit: reason("gskit"),
    dotnet: reason("dotnet"),
    nss: reason("nss"),
  };
}

/** SHA-1 of an entry's certificate, lower-case hexadecimal: older lists and tools go by it. */
export function sha1Of({ der }: Pick<StoreEntry, "der">): string {
  return hash("sha1", der, "hex");
}

/** For each entry that repeats a certificate, the first one with it. */
export function twins(entries: readonly StoreEntry[]): ReadonlyMap<StoreEntry, StoreEntry> {
  const first = new Map<string, StoreEntry>();
  const found = new Map<StoreEntry, StoreEntry>();
  for (const entry of entries) {
    const known = first.get(entry.sha256);
    if (known === undefined) first.set(entry.sha256, entry);
    else found.set(entry, known);
  }
  return found;
}

/** The machine-readable form of a failure to read a store. */
export function storeErrorRecord(error: StoreError): StoreErrorRecord {
  const { path, code, message, javaMessage, remedy } = error;
  return { path, error: { code, message, javaMessage, remedy } };
}
