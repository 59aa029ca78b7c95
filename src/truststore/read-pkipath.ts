import { DerReader, encodingOf, Tag } from "../x509/der.ts";
import { MAX_ENTRIES } from "./limits.ts";
import { bareCertificate, readPlainFile } from "./plain-file.ts";
import { StoreFault } from "./store-error.ts";
import type { StoreReader } from "./store-reader.ts";

/** Reads a PkiPath (ITU-T X.509): a SEQUENCE of certificates, the one nearest to the anchor first. */
export const readPkiPath: StoreReader = (bytes) =>
  readPlainFile("pkipath", bytes, () => {
    const reader = new DerReader(bytes).enter(Tag.sequence, "a PkiPath");
    const certificates: Uint8Array[] = [];
    while (!reader.done) {
      if (certificates.length >= MAX_ENTRIES)
        throw new StoreFault(
          "too-many-entries",
          `PkiPath holds more than ${MAX_ENTRIES} certificates`,
        );
      certificates.push(encodingOf(reader.expect(Tag.sequence, "a Certificate")));
    }
    return { summary: "PkiPath", found: certificates.map(bareCertificate) };
  });
