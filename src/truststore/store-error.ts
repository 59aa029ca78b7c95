import type { DetectedFormat } from "./store-format.ts";

/** Every way in which a store cannot be read; closed list. */
export type StoreErrorCode =
  | "not-found"
  | "not-a-file"
  | "permission-denied"
  | "unreadable"
  | "empty-file"
  | "too-large"
  | "unknown-format"
  | "unsupported-format"
  | "unsupported-algorithm"
  | "truncated"
  | "malformed"
  | "no-certificate"
  | "wrong-password"
  | "password-required"
  | "iterations-too-many"
  | "too-many-entries"
  | "too-deep"
  | "system-store-unavailable";

/** A store that could not be read, as data. */
export interface StoreError {
  readonly code: StoreErrorCode;
  /** One sentence without a full stop: what is wrong, where, and what would be right. */
  readonly message: string;
  /** The file; null for bytes that have none. */
  readonly path: string | null;
  /** What the content was taken for; null when it was not looked at. */
  readonly format: DetectedFormat | null;
  /** Byte offset of the fault, in the file or in the part of it that `message` names. */
  readonly offset: number | null;
  /** Line of the fault in a text format, counted from 1. */
  readonly line: number | null;
  /** What OpenJDK prints when it opens the same file with the same password; null when it would not fail, or is not known. */
  readonly javaMessage: string | null;
  /** Steps that repair or convert, as commands where one exists. */
  readonly remedy: readonly string[];
}

/** What a caller may add to a code and a message. */
export type StoreErrorDetails = Partial<Omit<StoreError, "code" | "message">>;

/** Builds a StoreError; what is not given is null. */
export function storeError(
  code: StoreErrorCode,
  message: string,
  details: StoreErrorDetails = {},
): StoreError {
  return {
    code,
    message,
    path: null,
    format: null,
    offset: null,
    line: null,
    javaMessage: null,
    remedy: [],
    ...details,
  };
}

/** Carries a StoreError out of nested reading; turned into data at the edge of the reader. */
export class StoreFault extends Error {
  readonly error: StoreError;

  constructor(code: StoreErrorCode, message: string, details: StoreErrorDetails = {}) {
    super(message);
    this.name = "StoreFault";
    this.error = storeError(code, message, details);
  }
}
