import type { Result } from "../x509/result.ts";
import type { StoreError } from "./store-error.ts";
import type { StoreFile } from "./truststore.ts";

/** What a reader is given besides the bytes. */
export interface ReadOptions {
  /** Null: no password is known; the empty string is a password. */
  readonly password: string | null;
}

/** Reads one format; asynchronous because key derivation is. The path of the result is null. */
export type StoreReader = (
  bytes: Uint8Array,
  options: ReadOptions,
) => Promise<Result<StoreFile, StoreError>>;
