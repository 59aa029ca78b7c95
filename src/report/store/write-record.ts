/** A certificate that a command of `store` wrote, added or removed. */
export interface WrittenCertificate {
  readonly alias: string | null;
  readonly subject: string | null;
  readonly sha256: string;
  readonly notAfter: string | null;
}

/** What `store add`, `remove` and `convert` did, as `--format json` and `ndjson` write it. */
export interface StoreWriteRecord {
  readonly command: "add" | "remove" | "convert";
  readonly source: string;
  /** The file that was written; null when nothing was, because it was refused or only tried. */
  readonly written: string | null;
  /** Where the old content of a file that was replaced is. */
  readonly backup: string | null;
  readonly format: string;
  readonly certificates: readonly WrittenCertificate[];
  /** What the operator should know, and do. */
  readonly notes: readonly string[];
  /** Why nothing was written. */
  readonly refusals: readonly { readonly message: string; readonly remedy: readonly string[] }[];
  readonly exitCode: number;
}
