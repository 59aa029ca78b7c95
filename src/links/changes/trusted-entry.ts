import type { StoreEntry } from "../../truststore/truststore.ts";
import type { AnchorVisibility } from "../../truststore/visibility.ts";

const SEEN: AnchorVisibility = { visible: true };

/** An entry as it is once it was added to a store as trusted: every kind of client sees it. */
export function trustedEntry(entry: StoreEntry): StoreEntry {
  if (!entry.certificate.ok) return entry;
  return {
    ...entry,
    date: null,
    kind: { kind: "certificate" },
    visibleToJava: SEEN,
    visibleTo: {
      java: SEEN,
      openssl: SEEN,
      go: SEEN,
      nodejs: SEEN,
      gskit: SEEN,
      dotnet: SEEN,
      nss: SEEN,
    },
    opensslTrust: null,
  };
}
