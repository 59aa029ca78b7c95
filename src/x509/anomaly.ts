/** What a certificate should not contain although some client reads it; closed list. */
export type AnomalyCode =
  /** BER where DER is required (X.690 section 8.1.3.6). */
  | "indefinite-length"
  | "length-not-minimal"
  /** Octets behind the certificate or behind the last field of a structure. */
  | "trailing-bytes"
  | "integer-not-minimal"
  /** TRUE as another octet than FF (X.690 section 11.1). */
  | "boolean-not-canonical"
  /** A value that DER leaves out because it is the default (X.690 section 11.5). */
  | "default-encoded"
  /** Unused bits that are set (X.690 section 11.2.1). */
  | "bit-string-padding"
  /** A string split into pieces (X.690 section 10.2). */
  | "constructed-string"
  /** Version beyond 3. */
  | "version-unknown"
  /** RFC 5280 section 4.1.2.2: positive, at most 20 octets. */
  | "serial-negative"
  | "serial-zero"
  | "serial-too-long"
  /** RFC 5280 section 4.1.1.2: the two identifiers must be the same. */
  | "signature-algorithm-mismatch"
  /** NULL missing or present against the rule of its algorithm (RFC 4055, RFC 5758, RFC 8410). */
  | "algorithm-parameters"
  | "empty-issuer"
  | "empty-rdn"
  /** An attribute value of a type that RFC 5280 section 4.1.2.4 does not allow or deprecates. */
  | "string-type"
  /** Octets that its string type does not allow. */
  | "string-content"
  /** RFC 5280 section 4.1.2.5: seconds are required, offsets and fractions forbidden, the type follows the year. */
  | "time-without-seconds"
  | "time-offset"
  | "time-fraction"
  | "time-choice"
  | "validity-inverted"
  | "key-malformed"
  /** Even, below 3, or beyond 64 bits. */
  | "rsa-exponent"
  /** Not a point in uncompressed form (RFC 5480 section 2.2), or of another length than its curve's. */
  | "ec-point"
  | "extensions-before-version-3"
  /** RFC 5280 section 4.1.2.8. */
  | "unique-identifier"
  | "empty-extensions"
  | "duplicate-extension"
  /** An extension of a known type whose value does not parse. */
  | "extension-malformed"
  /** A name in an extension whose form does not fit its kind. */
  | "general-name";

/** One anomaly and where it stands: the offset of its element in the encoding that was read. */
export interface Anomaly {
  readonly code: AnomalyCode;
  readonly offset: number;
}

/** Whether a certificate has an anomaly of a kind. */
export function hasAnomaly(
  { anomalies }: { readonly anomalies: readonly Anomaly[] },
  code: AnomalyCode,
): boolean {
  return anomalies.some((anomaly) => anomaly.code === code);
}
