import { parseCertificate } from "../x509/certificate.ts";
import { encodingOf, readElement } from "../x509/der.ts";
import { bareCertificate, readPlainFile } from "./plain-file.ts";
import { StoreFault } from "./store-error.ts";
import type { StoreReader } from "./store-reader.ts";
import type { StoreAnomaly } from "./truststore.ts";

/** Reads one DER certificate, as `.cer` and `.crt` files hold it. */
export const readDer: StoreReader = (bytes) =>
  readPlainFile("der", bytes, () => {
    const der = encodingOf(readElement(bytes, 0, bytes.length));
    const parsed = parseCertificate(der);
    if (!parsed.ok)
      throw new StoreFault("malformed", `The certificate is damaged: ${parsed.error.message}`, {
        offset: parsed.error.offset,
      });
    const extra = bytes.length - der.length;
    const anomalies: readonly StoreAnomaly[] =
      extra === 0
        ? []
        : [{ code: "trailing-bytes", message: `${extra} bytes follow the certificate` }];
    return { summary: "one DER certificate", found: [bareCertificate(der)], anomalies };
  });
