/** Formats whose entries are read. */
export type StoreFormat =
  | "jks"
  | "jceks"
  | "pkcs12"
  | "bks"
  | "bcfks"
  | "cms-kdb"
  | "nss"
  | "pem"
  | "der"
  | "pkcs7"
  | "pkipath"
  | "system";

/** Formats that are recognised by their content and refused with the way to convert them. */
export type UnsupportedFormat =
  | "uber"
  | "cms-stash"
  | "nss-legacy"
  | "windows-sst"
  | "keepass"
  | "java-object"
  | "zip"
  | "private-key"
  | "certificate-request"
  | "revocation-list";

/** What the content of a file can be taken for. */
export type DetectedFormat = Exclude<StoreFormat, "system"> | UnsupportedFormat | "unknown";

/** Names as operators know the formats. */
export const FORMAT_NAMES: Readonly<Record<DetectedFormat | "system", string>> = {
  jks: "JKS",
  pkcs12: "PKCS#12",
  pem: "PEM",
  der: "DER certificate",
  pkcs7: "PKCS#7",
  pkipath: "PkiPath",
  system: "operating system store",
  jceks: "JCEKS",
  bks: "BouncyCastle BKS",
  uber: "BouncyCastle UBER",
  bcfks: "BouncyCastle BCFKS",
  "cms-kdb": "IBM CMS key database (.kdb)",
  "cms-stash": "IBM stash file (.sth)",
  nss: "NSS database (cert9.db)",
  "nss-legacy": "NSS database (cert8.db)",
  "windows-sst": "Windows serialised store (.sst)",
  keepass: "KeePass database",
  "java-object": "serialised Java object",
  zip: "ZIP or JAR archive",
  "private-key": "private key",
  "certificate-request": "certificate request",
  "revocation-list": "certificate revocation list",
  unknown: "unknown format",
};
