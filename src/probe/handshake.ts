/** What a probe was pointed at, after the TARGET text was read. */
export interface Endpoint {
  /** Scheme of the target; `tls` when none was written. */
  readonly scheme: TargetScheme;
  /** Host as written: a DNS name or an IP literal without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Schemes whose TLS starts with the first byte. */
export type TargetScheme =
  | "tls"
  | "https"
  | "wss"
  | "ldaps"
  | "imaps"
  | "pop3s"
  | "smtps"
  | "ftps"
  | "nntps"
  | "ircs"
  | "mqtts"
  | "amqps";

/**
 * How far a conversation got; the order is the order in time: nothing, the address known, the connection
 * made, the proxy's tunnel open, the upgrade to TLS agreed, the server's answer to the hello read, its
 * certificates read, its Finished verified and ours sent, complete.
 */
export type HandshakeStage =
  | "start"
  | "dns"
  | "connect"
  | "proxy"
  | "dialog"
  | "hello"
  | "certificate"
  | "finished"
  | "complete";

/** The one reason why a conversation did not complete (closed list; also the metric label `reason`). */
export type FailureCode =
  | "dns-failed"
  | "connect-refused"
  | "connect-unreachable"
  | "connect-failed"
  | "timeout-connect"
  | "timeout-proxy"
  | "timeout-dialog"
  | "timeout-handshake"
  | "proxy-unreachable"
  | "proxy-authentication"
  | "proxy-refused"
  | "proxy-malformed"
  | "not-tls"
  | "connection-closed"
  | "connection-reset"
  | "alert-received"
  | "version-unsupported"
  | "parameter-unsupported"
  | "malformed-message"
  | "unexpected-message"
  | "message-too-large"
  | "bad-record"
  | "bad-signature"
  | "bad-finished"
  | "client-certificate-required"
  | "client-certificate-refused"
  | "cancelled";

/** Why a conversation stopped before it was complete. */
export interface HandshakeFailure {
  readonly code: FailureCode;
  /** One sentence for people; never holds secrets, hostile text in it is escaped and bounded. */
  readonly message: string;
}

/** A TLS alert (RFC 8446 section 6). */
export interface AlertRecord {
  readonly direction: "received" | "sent";
  readonly level: "warning" | "fatal" | "unknown";
  /** IANA code, e.g. 40. */
  readonly code: number;
  /** IANA name, e.g. `handshake_failure`; `unknown_alert` when the code is not registered. */
  readonly description: string;
}

/**
 * Milliseconds spent per phase, each counted from the end of the one before; null when the phase was not
 * completed or did not occur. `connect` ends with the TCP connection to the server or its proxy, `proxy` with
 * an open tunnel, `dialog` with the server's leave to begin TLS, `hello` with its first answer, `complete`
 * with our Finished.
 */
export interface PhaseTimings {
  readonly dns: number | null;
  readonly connect: number | null;
  readonly proxy: number | null;
  readonly dialog: number | null;
  readonly hello: number | null;
  readonly complete: number | null;
}

/** The server's request for a client certificate (RFC 8446 section 4.3.2, RFC 5246 section 7.4.4). */
export interface CertificateRequestRecord {
  /** Accepted issuers as DER Names, in the order sent. */
  readonly authorities: readonly Uint8Array[];
  /** Offered signature schemes by name (unknown ones as `0xhhhh`). */
  readonly signatureSchemes: readonly string[];
}

/**
 * The record of one conversation with one address: facts as sent, kept also when the conversation failed.
 * Plain data: serialisable with handshakeToJson, judged later and elsewhere.
 */
export interface Handshake {
  readonly endpoint: Endpoint;
  /** Server name sent in SNI; null when none was sent (IP literals, RFC 6066 section 3). */
  readonly serverName: string | null;
  /** Address that was dialled, whether or not it answered; null when the host has none. */
  readonly address: string | null;
  /** Port that was dialled (differs from endpoint.port with --connect). */
  readonly dialledPort: number;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly outcome: "complete" | "failed";
  readonly stage: HandshakeStage;
  readonly failure: HandshakeFailure | null;
  readonly alert: AlertRecord | null;
  /** `TLSv1.3`, `TLSv1.2`, ... as selected by the server. */
  readonly version: string | null;
  /** IANA name, e.g. `TLS_AES_128_GCM_SHA256`. */
  readonly cipherSuite: string | null;
  /** IANA name in lower case, e.g. `x25519`, `secp256r1`. */
  readonly group: string | null;
  /** Scheme of the server's CertificateVerify or ServerKeyExchange, e.g. `ecdsa_secp256r1_sha256`. */
  readonly signatureScheme: string | null;
  readonly alpn: string | null;
  readonly clientCertificateRequested: boolean;
  readonly certificateRequest: CertificateRequestRecord | null;
  /** DER certificates in the order sent, duplicates and strays included. */
  readonly certificates: readonly Uint8Array[];
  /** Stapled OCSP response (DER), when one was sent. */
  readonly ocspStaple: Uint8Array | null;
  /** First bytes of the peer when they were not TLS (at most 64). */
  readonly firstBytes: Uint8Array | null;
  readonly phases: PhaseTimings;
}

/** The times of a conversation that did not take place. */
export const NO_PHASES: PhaseTimings = {
  dns: null,
  connect: null,
  proxy: null,
  dialog: null,
  hello: null,
  complete: null,
};

/** What a record holds before the peer has said anything. */
export const NOTHING_HEARD = {
  failure: null,
  alert: null,
  version: null,
  cipherSuite: null,
  group: null,
  signatureScheme: null,
  alpn: null,
  clientCertificateRequested: false,
  certificateRequest: null,
  certificates: [],
  ocspStaple: null,
  firstBytes: null,
} as const satisfies Partial<Handshake>;
