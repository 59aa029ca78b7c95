import { bareCertificate, readPlainFile } from "./plain-file.ts";
import { readSignedData } from "./signed-data.ts";
import { StoreFault } from "./store-error.ts";
import type { StoreReader } from "./store-reader.ts";

/** Reads the certificates of a DER or BER PKCS#7 file (`.p7b`, `.spc`). */
export const readPkcs7: StoreReader = (bytes) =>
  readPlainFile("pkcs7", bytes, () => {
    const { certificates, revocationLists, other } = readSignedData(bytes);
    if (certificates.length === 0)
      throw new StoreFault("no-certificate", "The PKCS#7 file holds no certificate");
    return {
      summary: "PKCS#7 SignedData",
      found: certificates.map(bareCertificate),
      skipped: { revocationLists, other },
    };
  });
