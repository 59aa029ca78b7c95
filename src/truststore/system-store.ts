import { getCACertificates } from "node:tls";
import { readPemBlocks } from "../x509/pem.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import { bareCertificate } from "./plain-file.ts";
import type { RuntimeStore } from "./location.ts";
import { buildEntries, unreadableCertificates } from "./store-entry.ts";
import { type StoreError, storeError } from "./store-error.ts";
import { NOTHING_SKIPPED, type StoreFile, type Truststore } from "./truststore.ts";

/** Name of the operating system's store where one is shown. */
export const SYSTEM_STORE_NAME = "operating system";

const RUNTIME_NAMES: Readonly<Record<RuntimeStore, string>> = {
  system: SYSTEM_STORE_NAME,
  default: "default certificates of Node.js",
  bundled: "certificates bundled with Node.js",
  extra: "extra certificates of Node.js (NODE_EXTRA_CA_CERTS)",
};

/** The trust anchors of the operating system; each certificate once, although the system may list it several times. */
export function systemStore(): Result<Truststore, StoreError> {
  return runtimeStore("system");
}

/** One of the sets of certificates that the runtime knows, as `systemStore`. */
export function runtimeStore(store: RuntimeStore): Result<Truststore, StoreError> {
  const pem = [...new Set(getCACertificates(store))];
  const blocks = readPemBlocks(pem.join("\n"));
  if (!blocks.ok)
    return fail(
      storeError(
        "system-store-unavailable",
        store === "system"
          ? "The operating system offers no trust anchors to Node.js; name a truststore with --truststore"
          : `There are no ${RUNTIME_NAMES[store]}`,
        {
          remedy:
            store === "extra"
              ? ["Set NODE_EXTRA_CA_CERTS to a PEM file before this program starts"]
              : ["apt-get install ca-certificates", "or: anchorwatch check ... --truststore FILE"],
        },
      ),
    );
  const all = buildEntries(
    blocks.value.map(({ der }) => bareCertificate(der)),
    "system",
  );
  const seen = new Set<string>();
  const entries = all.filter(({ sha256 }) => !seen.has(sha256) && seen.add(sha256));
  const file: StoreFile = {
    path: null,
    format: "system",
    flavour: {
      summary: store === "system" ? "trust anchors of the operating system" : RUNTIME_NAMES[store],
      version: null,
      encryption: [],
      mac: null,
    },
    integrity: "unchecked",
    entries: entries.map((entry, index) => ({ ...entry, index })),
    skipped: NOTHING_SKIPPED,
    anomalies: unreadableCertificates(entries),
    java: { opens: true },
    message: null,
  };
  return ok({ name: RUNTIME_NAMES[store], files: [file] });
}
