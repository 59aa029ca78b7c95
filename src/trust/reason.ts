/** Why a path, an anchor or a leaf does not satisfy a client (closed list). */
export type ReasonCode =
  | "chain-empty"
  | "chain-too-long"
  | "certificate-malformed"
  | "no-anchors"
  | "issuer-unknown"
  | "self-signed"
  | "self-signed-in-chain"
  | "partial-chain"
  | "anchor-mismatch"
  | "name-chaining"
  | "key-identifier-mismatch"
  | "signature-invalid"
  | "expired"
  | "not-yet-valid"
  | "not-a-ca"
  | "key-cert-sign-missing"
  | "path-length-exceeded"
  | "anchor-not-a-ca"
  | "anchor-key-cert-sign-missing"
  | "name-constraints"
  | "name-constraints-unsupported"
  | "unknown-critical-extension"
  | "policy"
  | "algorithm-disabled"
  | "key-too-small"
  | "key-usage"
  | "extended-key-usage"
  | "netscape-type"
  | "distrusted"
  | "blocked"
  | "revoked"
  | "revocation-unknown"
  | "budget-exceeded";

/** One reason, tied to the certificate that causes it. */
export interface Reason {
  readonly code: ReasonCode;
  /** SHA-256 of the certificate at fault; null when it is about the path as a whole. */
  readonly certificate: string | null;
  /** Position in the path that was judged, 0 is the leaf; null when it is about the path as a whole. */
  readonly depth: number | null;
  /** What was found, for people: a date, an algorithm, a usage; empty when the code says it all. */
  readonly detail: string;
}

/** Builds a Reason; certificate, depth and detail default to "about the path as a whole". */
export function reason(
  code: ReasonCode,
  at: { readonly sha256?: string; readonly depth?: number; readonly detail?: string } = {},
): Reason {
  return {
    code,
    certificate: at.sha256 ?? null,
    depth: at.depth ?? null,
    detail: at.detail ?? "",
  };
}
