import { getCACertificates } from "node:tls";
import { readPemBlocks } from "../x509/pem.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import { bareCertificate } from "./plain-file.ts";
import { buildEntries, unreadableCertificates } from "./store-entry.ts";
import { type StoreError, storeError } from "./store-error.ts";
import { NOTHING_SKIPPED, type StoreFile, type Truststore } from "./truststore.ts";

/** Name of the operating system's store where one is shown. */
export const SYSTEM_STORE_NAME = "operating system";

/** The trust anchors of the operating system; each certificate once, although the system may list it several times. */
export function systemStore(): Result<Truststore, StoreError> {
  const pem = [...new Set(getCACertificates("system"))];
  const blocks = readPemBlocks(pem.join("\n"));
  if (!blocks.ok)
    return fail(
      storeError(
        "system-store-unavailable",
        "The operating system offers no trust anchors to Node.js; name a truststore with --truststore",
        {
          remedy: [
            "apt-get install ca-certificates",
            "or: anchorwatch check ... --truststore FILE",
          ],
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
      summary: "trust anchors of the operating system",
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
  return ok({ name: SYSTEM_STORE_NAME, files: [file] });
}
