import type { StoreReader } from "./store-reader.ts";
import type { StoreFormat } from "./store-format.ts";
import { readBcfks } from "./read-bcfks.ts";
import { readBks } from "./read-bks.ts";
import { readDer } from "./read-der.ts";
import { readJceks, readJks } from "./read-jks.ts";
import { readKeyDatabase } from "./read-kdb.ts";
import { readNss } from "./read-nss.ts";
import { readPem } from "./read-pem.ts";
import { readPkcs12 } from "./read-pkcs12.ts";
import { readPkcs7 } from "./read-pkcs7.ts";
import { readPkiPath } from "./read-pkipath.ts";

/** One reader per file format; a format is added by its reader, a row here and one in `detectFormat`. */
export const READERS: Readonly<Record<Exclude<StoreFormat, "system">, StoreReader>> = {
  jks: readJks,
  jceks: readJceks,
  pkcs12: readPkcs12,
  bks: readBks,
  bcfks: readBcfks,
  "cms-kdb": readKeyDatabase,
  nss: readNss,
  pem: readPem,
  der: readDer,
  pkcs7: readPkcs7,
  pkipath: readPkiPath,
};
