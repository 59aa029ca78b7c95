import type { ResultFormat, Format } from "../common-options.ts";
import type { StoreOrder } from "../../report/store/list-text.ts";
import type { Threshold } from "../../estate/duration.ts";

/** What every command of `store` takes. */
export interface StoreOptions {
  /** SPEC of the store's password. */
  readonly password?: string;
}

/** Options of `store list`. */
export interface ListOptions extends StoreOptions {
  /** The same as `password`, by the name that it has elsewhere. */
  readonly truststorePassword?: string;
  readonly format?: Format;
  /** Milliseconds since 1970. */
  readonly at?: number;
  readonly sort?: StoreOrder;
}

/** Options of `store show`. */
export interface ShowOptions extends StoreOptions {
  readonly format?: Format;
  readonly at?: number;
  readonly pem?: true;
}

/** Options of `store diff`. */
export interface DiffOptions extends StoreOptions {
  /** SPEC of the second store's password where it is another. */
  readonly otherPassword?: string;
  readonly format?: ResultFormat;
}

/** Options of `store lint`. */
export interface LintOptions extends StoreOptions {
  readonly format?: ResultFormat;
  readonly at?: number;
  readonly warning?: Threshold;
  readonly critical?: Threshold;
}

/** Options of `store extract`. */
export interface ExtractOptions extends StoreOptions {
  readonly all?: true;
  readonly der?: true;
  readonly out?: string;
  readonly force?: true;
}

/** Where the commands that write leave their result. */
export interface WriteOptions extends StoreOptions {
  readonly out?: string;
  readonly inPlace?: true;
  readonly dryRun?: true;
  readonly force?: true;
  readonly format?: Format;
}

/** Formats that are written. */
export type WrittenFormat = "jks" | "pkcs12" | "pem";

/** Options of `store convert`. */
export interface ConvertOptions extends WriteOptions {
  readonly to: WrittenFormat;
  readonly outPassword?: string;
  readonly legacy?: true;
  readonly withoutKeys?: true;
}

/** Options of `store add`. */
export interface AddOptions extends WriteOptions {
  readonly alias?: string;
}
