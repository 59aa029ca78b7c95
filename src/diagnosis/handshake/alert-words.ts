/** How OpenSSL (3.0) and Go word an alert that they received. */
export interface AlertWords {
  readonly openssl: string;
  readonly go: string;
}

/** By IANA name: OpenSSL's reason strings (ssl_err.c), Go's alertText (crypto/tls). */
export const ALERT_WORDS: Readonly<Record<string, AlertWords>> = {
  unexpected_message: { openssl: "sslv3 alert unexpected message", go: "unexpected message" },
  bad_record_mac: { openssl: "sslv3 alert bad record mac", go: "bad record MAC" },
  record_overflow: { openssl: "tlsv1 alert record overflow", go: "record overflow" },
  handshake_failure: { openssl: "sslv3 alert handshake failure", go: "handshake failure" },
  bad_certificate: { openssl: "sslv3 alert bad certificate", go: "bad certificate" },
  unsupported_certificate: {
    openssl: "sslv3 alert unsupported certificate",
    go: "unsupported certificate",
  },
  certificate_revoked: { openssl: "sslv3 alert certificate revoked", go: "revoked certificate" },
  certificate_expired: { openssl: "sslv3 alert certificate expired", go: "expired certificate" },
  certificate_unknown: { openssl: "sslv3 alert certificate unknown", go: "unknown certificate" },
  illegal_parameter: { openssl: "sslv3 alert illegal parameter", go: "illegal parameter" },
  unknown_ca: { openssl: "tlsv1 alert unknown ca", go: "unknown certificate authority" },
  access_denied: { openssl: "tlsv1 alert access denied", go: "access denied" },
  decode_error: { openssl: "tlsv1 alert decode error", go: "error decoding message" },
  decrypt_error: { openssl: "tlsv1 alert decrypt error", go: "error decrypting message" },
  protocol_version: {
    openssl: "tlsv1 alert protocol version",
    go: "protocol version not supported",
  },
  insufficient_security: {
    openssl: "tlsv1 alert insufficient security",
    go: "insufficient security level",
  },
  internal_error: { openssl: "tlsv1 alert internal error", go: "internal error" },
  inappropriate_fallback: {
    openssl: "tlsv1 alert inappropriate fallback",
    go: "inappropriate fallback",
  },
  user_canceled: { openssl: "tlsv1 alert user cancelled", go: "user canceled" },
  no_renegotiation: { openssl: "tlsv1 alert no renegotiation", go: "no renegotiation" },
  missing_extension: { openssl: "tlsv13 alert missing extension", go: "missing extension" },
  unsupported_extension: { openssl: "tlsv1 unsupported extension", go: "unsupported extension" },
  certificate_unobtainable: {
    openssl: "tlsv1 certificate unobtainable",
    go: "certificate unobtainable",
  },
  unrecognized_name: { openssl: "tlsv1 unrecognized name", go: "unrecognized name" },
  unknown_psk_identity: {
    openssl: "tlsv1 alert unknown psk identity",
    go: "unknown PSK identity",
  },
  certificate_required: {
    openssl: "tlsv13 alert certificate required",
    go: "certificate required",
  },
  no_application_protocol: {
    openssl: "tlsv1 alert no application protocol",
    go: "no application protocol",
  },
};
