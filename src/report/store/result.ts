import type { Severity } from "../../diagnosis/finding.ts";
import type { ResultCode } from "../exit-code.ts";
import { worse } from "../exit-code.ts";

/** One thing to be said about a store: a finding, or a difference from another store. */
export interface StoreItem {
  /** A finding code, or the kind of a difference. */
  readonly code: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly remedy: readonly string[];
}

/** What a command found out about one store, or about a pair of them. */
export interface StoreResult {
  /** The file, or `A -> B`. */
  readonly title: string;
  readonly code: ResultCode;
  /** Gravest first. */
  readonly items: readonly StoreItem[];
}

/** The exit code of a command that looked at several stores. */
export function worstCode(results: readonly StoreResult[]): ResultCode {
  return results.reduce<ResultCode>((code, result) => worse(code, result.code), 0);
}
