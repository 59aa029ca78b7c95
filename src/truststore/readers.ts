import type { StoreReader } from "./store-reader.ts";
import type { StoreFormat } from "./store-format.ts";
import { readDer } from "./read-der.ts";
import { readJks } from "./read-jks.ts";
import { readPem } from "./read-pem.ts";
import { readPkcs12 } from "./read-pkcs12.ts";
import { readPkcs7 } from "./read-pkcs7.ts";
import { readPkiPath } from "./read-pkipath.ts";

/** One reader per file format; a format is added by its reader, a row here and one in `detectFormat`. */
export const READERS: Readonly<Record<Exclude<StoreFormat, "system">, StoreReader>> = {
  jks: readJks,
  pkcs12: readPkcs12,
  pem: readPem,
  der: readDer,
  pkcs7: readPkcs7,
  pkipath: readPkiPath,
};
