import type { NewEntry } from "./new-entry.ts";

/** What is to change in a store. */
export interface StoreEdit {
  readonly add: readonly NewEntry[];
  /** Positions of entries (`StoreEntry.index`) to leave out; never ones of a private key. */
  readonly remove: ReadonlySet<number>;
}

/** Why a store is not changed; closed list. */
export type EditErrorCode =
  | "format-fixed"
  | "password-required"
  | "integrity-wrong"
  | "key-entry"
  | "part-of-another"
  | "unsafe";

/** A change that was not made. Nothing was written. */
export interface EditError {
  readonly code: EditErrorCode;
  readonly message: string;
  readonly remedy: readonly string[];
}

/** Carries an EditError out of nested work; turned into data by `editStore`. */
export class EditFault extends Error {
  readonly error: EditError;

  constructor(code: EditErrorCode, message: string, remedy: readonly string[] = []) {
    super(message);
    this.name = "EditFault";
    this.error = { code, message, remedy };
  }
}
