/**
 * What the package offers to programs as `anchorwatch/truststore`: truststores of any format read from files, and what
 * each kind of client sees in them. Documented in docs/library.md; keeps to semantic versioning.
 */
export type { Result } from "../x509/result.ts";
export {
  type AnchorSelection,
  anchorsFor,
  type IgnoredEntry,
  type IgnoredReason,
} from "./anchors.ts";
export { loadTruststore, type TruststoreSource } from "./load.ts";
export type {
  AnchorVisibility,
  StoreEntry,
  StoreError,
  StoreErrorCode,
  StoreFamily,
  StoreFile,
  StoreFormat,
  Truststore,
} from "./truststore.ts";
