/** A hash that cipher suites use for their key derivation. */
export type SuiteHash = "sha256" | "sha384";

/** A hash over the handshake's messages; before TLS 1.2 it is MD5 and SHA-1 side by side (RFC 4346 section 7.4.9). */
export type TranscriptHash = SuiteHash | "md5-sha1";
