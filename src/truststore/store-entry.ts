import { hash } from "node:crypto";
import { parseCertificate } from "../x509/certificate.ts";
import { DerError, encodingOf, readElement } from "../x509/der.ts";
import type { PemLayout } from "./pem-layout.ts";
import type {
  EntryKind,
  JavaInvisibleReason,
  OpensslTrust,
  StoreAnomaly,
  StoreEntry,
  StoreFormat,
} from "./truststore.ts";
import { type VisibilityFacts, visibilityByFamily } from "./visibility.ts";

/** A certificate as a reader found it. */
export interface FoundCertificate {
  readonly der: Uint8Array;
  readonly alias: string | null;
  readonly date: number | null;
  readonly kind: EntryKind;
  /** Why Java would not take it, if it is a readable certificate; null when Java would. */
  readonly javaReason: JavaInvisibleReason | null;
  readonly opensslTrust?: OpensslTrust | null;
  /** Label of the PEM block. */
  readonly label?: string;
  /** Which readers of PEM take the block. */
  readonly layout?: PemLayout;
  /** What the store marks the entry as, where that is not a trusted authority. */
  readonly mark?: VisibilityFacts["mark"];
}

/** Parses what a reader found in a file of this format and numbers it in file order. */
export function buildEntries(
  found: readonly FoundCertificate[],
  format: StoreFormat,
): readonly StoreEntry[] {
  return found.map((item, index) => {
    const der = firstElement(item.der);
    const certificate = parseCertificate(der);
    const visibleTo = visibilityByFamily({
      format,
      isCertificate: certificate.ok,
      keyPosition: item.kind.kind === "key" ? item.kind.position : null,
      javaReason: item.javaReason,
      mark: item.mark ?? null,
      label: item.label ?? null,
      layout: item.layout ?? null,
      purposes: item.opensslTrust ?? null,
    });
    return {
      index,
      alias: item.alias,
      date: item.date,
      kind: item.kind,
      der,
      sha256: certificate.ok ? certificate.value.sha256 : hash("sha256", der, "hex"),
      certificate,
      visibleToJava: visibleTo.java,
      visibleTo,
      opensslTrust: item.opensslTrust ?? null,
    };
  });
}

/** Java's CertificateFactory reads one DER element and ignores what follows it in the entry. */
function firstElement(der: Uint8Array): Uint8Array {
  try {
    return encodingOf(readElement(der, 0, der.length));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return der;
  }
}

/** How messages name an entry: by alias where it has one, else by number. */
export function entryName(entry: Pick<StoreEntry, "alias" | "index">): string {
  return entry.alias === null ? `Entry ${entry.index}` : `Entry '${entry.alias}'`;
}

/** One anomaly per entry that is not a readable certificate. */
export function unreadableCertificates(entries: readonly StoreEntry[]): readonly StoreAnomaly[] {
  return entries.flatMap((entry) =>
    entry.certificate.ok
      ? []
      : [
          {
            code: "certificate-unreadable" as const,
            message: `${entryName(entry)} is not a readable certificate: ${entry.certificate.error.message}`,
          },
        ],
  );
}
