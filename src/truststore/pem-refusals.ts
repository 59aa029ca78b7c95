import type { AnchorVisibility, StoreEntry } from "./truststore.ts";

const REFUSED: AnchorVisibility = { visible: false, reason: "file-refused" };

/**
 * What one block that is no certificate does to the others: OpenSSL reads nothing of the file
 * (X509_load_cert_crl_file), Node.js nothing behind it, Go and others go on. Measured with OpenSSL 3.0 and Node.js 26.
 */
export function hideBehindUnreadable(entries: readonly StoreEntry[]): readonly StoreEntry[] {
  const first = entries.findIndex(
    ({ visibleTo: { openssl } }) => !openssl.visible && openssl.reason === "certificate-unreadable",
  );
  if (first < 0) return entries;
  return entries.map((entry, index) => {
    const { openssl, nodejs } = entry.visibleTo;
    return {
      ...entry,
      visibleTo: {
        ...entry.visibleTo,
        openssl: openssl.visible ? REFUSED : openssl,
        nodejs: nodejs.visible && index > first ? REFUSED : nodejs,
      },
    };
  });
}
