/** A trusted certificate and the name that it has in a store. */
export interface StoreEntry {
  /** Lower case: Java folds aliases when it looks them up, and never finds one stored otherwise. */
  readonly alias: string;
  readonly der: Uint8Array;
}
