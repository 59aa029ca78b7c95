import type { JavaInvisibleReason, StoreEntry, Truststore } from "./truststore.ts";

/** How a kind of client picks anchors from a store. */
export type StoreFamily = "java" | "openssl";

/** Why an entry is no anchor for a family of clients. */
export type IgnoredReason =
  | JavaInvisibleReason
  /** A certificate of a private key's chain; OpenSSL-based clients read trusted certificates only. */
  | "key-entry"
  /** `TRUSTED CERTIFICATE` that rejects the purpose serverAuth. */
  | "purpose-rejected"
  /** `TRUSTED CERTIFICATE` whose list of trusted purposes lacks serverAuth. */
  | "purpose-not-trusted"
  /** The same certificate is an anchor already. */
  | "duplicate";

/** An entry that is no anchor, and why. */
export interface IgnoredEntry {
  readonly entry: StoreEntry;
  readonly reason: IgnoredReason;
}

/** The anchors of one store for one family of clients. */
export interface AnchorSelection {
  /** Readable certificates, each once, in file order. */
  readonly anchors: readonly StoreEntry[];
  readonly ignored: readonly IgnoredEntry[];
}

const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const ANY_PURPOSE = "2.5.29.37.0";

/**
 * Picks the certificates at which a client lets a path end. `java`: certificate entries and the first certificate of
 * each private key, as far as Java sees them (sun.security.validator.TrustStoreUtil). `openssl`: every certificate that
 * does not belong to a private key of a JKS file and is not distrusted for servers (X509_check_trust).
 */
export function anchorsFor(store: Truststore, family: StoreFamily): AnchorSelection {
  const anchors = new Map<string, StoreEntry>();
  const ignored: IgnoredEntry[] = [];
  for (const { format, entries } of store.files)
    for (const entry of entries) {
      const reason = family === "java" ? javaReason(entry) : opensslReason(entry, format === "jks");
      if (reason !== null) ignored.push({ entry, reason });
      else if (anchors.has(entry.sha256)) ignored.push({ entry, reason: "duplicate" });
      else anchors.set(entry.sha256, entry);
    }
  return { anchors: [...anchors.values()], ignored };
}

function javaReason({ certificate, visibleToJava }: StoreEntry): IgnoredReason | null {
  if (!visibleToJava.visible) return visibleToJava.reason;
  return certificate.ok ? null : "certificate-unreadable";
}

function opensslReason(entry: StoreEntry, isJavaKeystore: boolean): IgnoredReason | null {
  if (!entry.certificate.ok) return "certificate-unreadable";
  if (isJavaKeystore && entry.kind.kind === "key") return "key-entry";
  if (entry.opensslTrust === null) return null;
  const { trust, reject } = entry.opensslTrust;
  const concerns = (purposes: readonly string[]): boolean =>
    purposes.includes(SERVER_AUTH) || purposes.includes(ANY_PURPOSE);
  if (concerns(reject)) return "purpose-rejected";
  return trust === null || concerns(trust) ? null : "purpose-not-trusted";
}
