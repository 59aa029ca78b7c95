import type { OpenSslRules } from "../profile.ts";

/** Error codes that Node.js names; everything else is UNSPECIFIED. */
const CODES: ReadonlyMap<number, string> = new Map([
  [2, "UNABLE_TO_GET_ISSUER_CERT"],
  [7, "CERT_SIGNATURE_FAILURE"],
  [9, "CERT_NOT_YET_VALID"],
  [10, "CERT_HAS_EXPIRED"],
  [18, "DEPTH_ZERO_SELF_SIGNED_CERT"],
  [19, "SELF_SIGNED_CERT_IN_CHAIN"],
  [20, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
  [21, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  [22, "CERT_CHAIN_TOO_LONG"],
  [25, "PATH_LENGTH_EXCEEDED"],
  [26, "INVALID_PURPOSE"],
]);

/** Errors for which newer releases say how to use the system's store. */
const HINTED: ReadonlySet<number> = new Set([2, 18, 20, 21]);

const HINT = "; if the root CA is installed locally, try running Node.js with --use-system-ca";

/** What a Node.js program sees as `error.code: error.message`. */
export function nodeMessage(number: number, text: string, { rootHint }: OpenSslRules): string {
  const hint = rootHint && HINTED.has(number) ? HINT : "";
  return `${CODES.get(number) ?? "UNSPECIFIED"}: ${text}${hint}`;
}
