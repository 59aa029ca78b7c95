/** Bounds on what a peer may send; nothing that exceeds one of them is stored or looked at. */
export const LIMITS = {
  /** Bytes of one handshake message; certificate lists of this size do not occur. */
  messageLength: 256 * 1024,
  /** Certificates in one list. */
  certificates: 100,
  /** Handshake messages in one conversation; a full handshake has about ten, tickets come on top. */
  messages: 128,
  /** Records in one conversation: enough for the largest message in the smallest records. */
  records: 16_384,
  /** Bytes of one conversation in all, records included. */
  totalBytes: 1024 * 1024,
  /** Alerts of warning level that are read past. */
  warnings: 5,
  /** Records without content that are read past. */
  emptyRecords: 16,
  /** ChangeCipherSpec records of TLS 1.3's compatibility mode that are dropped. */
  compatibilityRecords: 4,
  /** Issuers in a certificate request that are kept. */
  authorities: 4096,
  /** OID filters in a certificate request that are kept. */
  oidFilters: 256,
  /** Alerts that are kept. */
  alertsKept: 16,
  /** Extensions that are kept of all messages together. */
  extensionsKept: 512,
  /** Signed certificate timestamps in one list. */
  timestamps: 64,
  /** Session tickets in one conversation. */
  tickets: 64,
  /** KeyUpdates in one conversation. */
  keyUpdates: 16,
  /** Sizes of a Diffie-Hellman prime with which the engine computes, in bits. */
  dhBits: { least: 256, most: 8192 },
} as const;
