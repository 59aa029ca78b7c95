/** A server's wish that the certificate has an extension with certain values (RFC 8446 section 4.2.5). */
export interface OidFilterRecord {
  /** Dotted; hexadecimal behind `#` when it is no OBJECT IDENTIFIER. */
  readonly oid: string;
  /** DER of the values that must be there; empty: any. */
  readonly values: Uint8Array;
}

/** The server's request for a client certificate (RFC 8446 section 4.3.2, RFC 5246 section 7.4.4). */
export interface CertificateRequestRecord {
  /** Names of the accepted certificate types (`rsa_sign`, unknown ones as `0xhh`); empty in TLS 1.3, which has none. */
  readonly certificateTypes: readonly string[];
  /** Accepted issuers as DER Names, in the order sent; empty: any. */
  readonly authorities: readonly Uint8Array[];
  /** Accepted signature schemes by name (unknown ones as `0xhhhh`); empty before TLS 1.2, which has none. */
  readonly signatureSchemes: readonly string[];
  /** Schemes accepted inside certificates; null where those of signatures hold for them too. */
  readonly certificateSignatureSchemes: readonly string[] | null;
  /** Of TLS 1.3. */
  readonly oidFilters: readonly OidFilterRecord[];
}

/**
 * Why a client sends an empty list of certificates: it has none, or its way of choosing found none whose
 * issuer, type of key, signature scheme or signatures the server accepts. `cannot-sign`: the client breaks off
 * because its key makes no accepted signature.
 */
export type EmptyAnswerReason =
  | "not-configured"
  | "no-accepted-issuer"
  | "no-accepted-key-type"
  | "no-accepted-scheme"
  | "no-accepted-signature"
  | "cannot-sign";

/** How the request for a client certificate was answered. */
export type CertificateAnswerRecord =
  /** SHA-256 of the certificate that was sent first. */
  | { readonly kind: "sent"; readonly sha256: string }
  | { readonly kind: "empty"; readonly reason: EmptyAnswerReason };

/**
 * Whether a server wants client certificates: it asks for none, it asks and does without, or it does not go on
 * without. A server that lets its application decide after the handshake counts as `optional`.
 */
export type ClientAuth = "none" | "optional" | "required";
