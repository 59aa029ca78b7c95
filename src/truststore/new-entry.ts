/** A trusted certificate that is to be written into a store. */
export interface NewEntry {
  /** Name in the store, in lower case where Java is to find it in a JKS file; null for none (PKCS#12 and PEM only). */
  readonly alias: string | null;
  readonly der: Uint8Array;
}
