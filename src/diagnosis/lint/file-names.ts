/** What a file is taken for because of its name. */
export interface Expectation {
  /** As it stands at the end of the name, e.g. `.jks`. */
  readonly extension: string;
  readonly formats: readonly string[];
}

/** Extensions that programs and people take for one format or a few; `.keystore` and `.truststore` stand for any. */
const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  ".jks": ["jks"],
  ".jceks": ["jceks"],
  ".bks": ["bks"],
  ".bcfks": ["bcfks"],
  ".p12": ["pkcs12"],
  ".pfx": ["pkcs12"],
  ".pkcs12": ["pkcs12"],
  // newer versions of IBM's tools write PKCS#12 under this name
  ".kdb": ["cms-kdb", "pkcs12"],
  ".pem": ["pem"],
  ".der": ["der"],
  ".p7b": ["pkcs7", "pem"],
  ".p7c": ["pkcs7", "pem"],
  ".spc": ["pkcs7", "pem"],
  ".crt": ["pem", "der"],
  ".cer": ["pem", "der"],
};

/** What the extension of a file's name promises; null where it promises nothing. */
export function expectedFormats(path: string): Expectation | null {
  const extension = /\.[a-z0-9]{1,8}$/i.exec(path)?.[0] ?? "";
  const formats = EXTENSIONS[extension.toLowerCase()];
  return formats === undefined ? null : { extension, formats };
}
