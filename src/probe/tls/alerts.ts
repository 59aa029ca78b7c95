import type { AlertRecord } from "../handshake.ts";

/** Registered alerts (IANA TLS Alerts; RFC 8446 section 6, older ones from RFC 5246 and RFC 2246). */
export const ALERTS = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  decryption_failed: 21,
  record_overflow: 22,
  decompression_failure: 30,
  handshake_failure: 40,
  no_certificate: 41,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  too_many_cids_requested: 52,
  export_restriction: 60,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  inappropriate_fallback: 86,
  user_canceled: 90,
  no_renegotiation: 100,
  missing_extension: 109,
  unsupported_extension: 110,
  certificate_unobtainable: 111,
  unrecognized_name: 112,
  bad_certificate_status_response: 113,
  bad_certificate_hash_value: 114,
  unknown_psk_identity: 115,
  certificate_required: 116,
  general_error: 117,
  no_application_protocol: 120,
  ech_required: 121,
} as const satisfies Record<string, number>;

/** Name of a registered alert. */
export type AlertName = keyof typeof ALERTS;

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(ALERTS).map(([name, code]) => [code, name]),
);

const LEVELS: ReadonlyMap<number, AlertRecord["level"]> = new Map([
  [1, "warning"],
  [2, "fatal"],
]);

/** The record of an alert; `level` and `code` are the two bytes on the wire. */
export function alertRecord(
  direction: AlertRecord["direction"],
  level: number,
  code: number,
): AlertRecord {
  return {
    direction,
    level: LEVELS.get(level) ?? "unknown",
    code,
    description: NAMES.get(code) ?? "unknown_alert",
  };
}

/**
 * Alerts with which a server refuses the client's certificate, or its absence (RFC 8446 sections 4.4.2.4
 * and 6.2, RFC 5246 sections 7.2.2 and 7.4.6). They mean that only in answer to a Certificate message.
 */
export const CLIENT_CERTIFICATE_ALERTS: ReadonlySet<number> = new Set([
  ALERTS.handshake_failure,
  ALERTS.no_certificate,
  ALERTS.bad_certificate,
  ALERTS.unsupported_certificate,
  ALERTS.certificate_revoked,
  ALERTS.certificate_expired,
  ALERTS.certificate_unknown,
  ALERTS.unknown_ca,
  ALERTS.access_denied,
  ALERTS.certificate_required,
]);
