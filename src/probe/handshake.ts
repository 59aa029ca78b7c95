import type {
  CertificateAnswerRecord,
  CertificateRequestRecord,
  ClientAuth,
} from "./client-auth-record.ts";
import type { RequestRecord } from "./follow-up/request-record.ts";
import type { HelloName } from "./hellos/known-hellos.ts";
import type { ProxyRecord } from "./routes/proxy-record.ts";

/** What a probe was pointed at, after the TARGET text was read. */
export interface Endpoint {
  /** Scheme of the target; `tls` when none was written. */
  readonly scheme: TargetScheme;
  /** Host as written: a DNS name or an IP literal without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What the scheme of a target may be. */
export type TargetScheme = DirectScheme | UpgradeScheme;

/** Schemes whose TLS starts with the first byte. */
export type DirectScheme =
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

/** Schemes whose protocol agrees on TLS by a dialog of its own. */
export type UpgradeScheme =
  | "ldap"
  | "imap"
  | "pop3"
  | "smtp"
  | "lmtp"
  | "ftp"
  | "nntp"
  | "xmpp"
  | "xmpp-server"
  | "sieve"
  | "irc"
  | "postgres"
  | "mysql"
  | "mssql"
  | "rdp";

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
  | "wrong-protocol"
  | "upgrade-refused"
  | "not-tls"
  | "connection-closed"
  | "connection-reset"
  | "alert-received"
  | "version-unsupported"
  | "parameter-unsupported"
  | "malformed-message"
  | "unexpected-message"
  | "message-too-large"
  | "limit-exceeded"
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

/** One line of an upgrade dialog, or one message in words where the protocol is binary; escaped and bounded. */
export interface DialogLine {
  readonly direction: "sent" | "received";
  readonly text: string;
}

/** A message of the server that can hold extensions. */
export type ExtendedMessage =
  | "HelloRetryRequest"
  | "ServerHello"
  | "EncryptedExtensions"
  | "CertificateRequest"
  | "Certificate"
  | "NewSessionTicket";

/** An extension that the server sent. */
export interface ExtensionRecord {
  readonly message: ExtendedMessage;
  /** Position in the chain of the certificate that it belongs to; null outside of Certificate. */
  readonly certificate: number | null;
  readonly code: number;
  /** IANA name, e.g. `key_share`; `0xhhhh` when it is not known. */
  readonly name: string;
  /** Bytes of its content. */
  readonly length: number;
}

/** How both sides agreed on a secret. */
export interface KeyExchangeRecord {
  /** `hybrid`: an elliptic curve and ML-KEM together; `rsa`: a secret encrypted with the certificate's key. */
  readonly kind: "ecdhe" | "dhe" | "hybrid" | "rsa";
  /** IANA name in lower case; null for a Diffie-Hellman prime without a name, and for `rsa`. */
  readonly group: string | null;
  /** Size of the curve (of its part in a hybrid), of the Diffie-Hellman prime, or of the RSA key, in bits. */
  readonly bits: number | null;
  /** The finite field that a server described itself, before TLS 1.3; null otherwise. */
  readonly field: FieldRecord | null;
}

/** A finite field (RFC 5246 section 7.4.3): big-endian numbers in hexadecimal, without leading zero bytes. */
export interface FieldRecord {
  readonly prime: string;
  readonly generator: string;
}

/** The server's wish for a second ClientHello (RFC 8446 section 4.1.4). */
export interface RetryRecord {
  /** Group that it asked a share for; null when it wanted its cookie back and nothing else. */
  readonly group: string | null;
  /** Bytes; null when there was none. */
  readonly cookieLength: number | null;
}

/** What a ServerHello says beside its selections. */
export interface ServerHelloRecord {
  /** Bytes of the session identifier. */
  readonly sessionIdLength: number;
  /** Whether it repeats the identifier of our hello: required in TLS 1.3, a resumption before. */
  readonly sessionIdEchoed: boolean;
  /** `null`, `deflate`, or `0xhh` (RFC 3749). */
  readonly compression: string;
  /** Whether `renegotiation_info` came (RFC 5746); null in TLS 1.3, which cannot renegotiate. */
  readonly secureRenegotiation: boolean | null;
  /** RFC 7627; null in TLS 1.3, where it is built in. */
  readonly extendedMasterSecret: boolean | null;
  /** RFC 7366; null in TLS 1.3, which has no CBC suites. */
  readonly encryptThenMac: boolean | null;
  /** Whether a session ticket was announced (RFC 5077); null in TLS 1.3, which announces none. */
  readonly ticketPromised: boolean | null;
  /**
   * The beginning of its random value read as a clock, RFC 3339 (gmt_unix_time, RFC 5246 section 7.4.1.3): the server's,
   * where it writes one; most draw these bytes by lot. Null in TLS 1.3, and in records of an earlier version.
   */
  readonly time: string | null;
}

/** A session ticket, without what would let its holder resume the session. */
export interface TicketRecord {
  /** Seconds as the server hints; 0 in TLS 1.2 means that it does not say. */
  readonly lifetime: number;
  /** Bytes of the ticket. */
  readonly length: number;
  /** Bytes of early data that it admits; null when it admits none. */
  readonly maxEarlyData: number | null;
}

/** How a conversation ended, whether or not it was complete by then. */
export interface EndRecord {
  readonly by: "server" | "client";
  /** `closed`: without a goodbye; `abandoned`: given up for a reason from outside, such as a timeout. */
  readonly how: "close-notify" | "alert" | "closed" | "reset" | "abandoned";
  /** Milliseconds from the start of the conversation, name resolution left out; null where it is not kept. */
  readonly afterMs: number | null;
}

/** Which hello a conversation began with; `custom` stands for one that asks a single question. */
export type HelloSent = "wide" | "custom" | HelloName;

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
  /** The proxy on the way; null for a straight connection. */
  readonly proxy: ProxyRecord | null;
  /** Whose hello was sent: everything that we know, or what one kind of client offers. */
  readonly hello: HelloSent;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly outcome: "complete" | "failed";
  readonly stage: HandshakeStage;
  readonly failure: HandshakeFailure | null;
  /** The most telling one of `alerts`. */
  readonly alert: AlertRecord | null;
  /** Alerts of both sides in their order, our final close_notify left out. */
  readonly alerts: readonly AlertRecord[];
  /** Null where nothing was said, or in records of an earlier version. */
  readonly end: EndRecord | null;
  /** `TLSv1.3`, `TLSv1.2`, ... as selected by the server. */
  readonly version: string | null;
  /** IANA name, e.g. `TLS_AES_128_GCM_SHA256`. */
  readonly cipherSuite: string | null;
  /** IANA name in lower case, e.g. `x25519`, `secp256r1`. */
  readonly group: string | null;
  readonly keyExchange: KeyExchangeRecord | null;
  /** The HelloRetryRequest; null when the first hello was answered directly. */
  readonly retry: RetryRecord | null;
  readonly serverHello: ServerHelloRecord | null;
  /** Everything that the server sent as an extension, in order, up to a bound. */
  readonly extensions: readonly ExtensionRecord[];
  /** Scheme of the server's CertificateVerify or ServerKeyExchange, e.g. `ecdsa_secp256r1_sha256`. */
  readonly signatureScheme: string | null;
  readonly alpn: string | null;
  readonly clientCertificateRequested: boolean;
  readonly certificateRequest: CertificateRequestRecord | null;
  /** What we answered; null when there was no request, or no answer to it. */
  readonly clientCertificateAnswer: CertificateAnswerRecord | null;
  /** Null when it did not come out: the conversation ended too early, or a certificate was sent. */
  readonly clientAuth: ClientAuth | null;
  /** DER certificates in the order sent, duplicates and strays included. */
  readonly certificates: readonly Uint8Array[];
  /** How the certificates were compressed (RFC 8879): `zlib`, `brotli`, `zstd`; null when they were not. */
  readonly certificateCompression: string | null;
  /** Stapled OCSP response (DER), when one was sent. */
  readonly ocspStaple: Uint8Array | null;
  /** Signed certificate timestamps sent beside the certificate (RFC 6962 section 3.3), as serialised. */
  readonly signedCertificateTimestamps: readonly Uint8Array[];
  readonly tickets: readonly TicketRecord[];
  /** What was said before TLS could begin; null where the scheme has no dialog. */
  readonly dialog: readonly DialogLine[] | null;
  /** First bytes of the peer when they were neither TLS nor of the protocol asked for (at most 64). */
  readonly firstBytes: Uint8Array | null;
  readonly phases: PhaseTimings;
  /** What came of a request after the handshake; null when none was made. */
  readonly request: RequestRecord | null;
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
  hello: "wide",
  proxy: null,
  failure: null,
  alert: null,
  alerts: [],
  end: null,
  version: null,
  cipherSuite: null,
  group: null,
  keyExchange: null,
  retry: null,
  serverHello: null,
  extensions: [],
  signatureScheme: null,
  alpn: null,
  clientCertificateRequested: false,
  certificateRequest: null,
  clientCertificateAnswer: null,
  clientAuth: null,
  certificates: [],
  certificateCompression: null,
  ocspStaple: null,
  dialog: null,
  signedCertificateTimestamps: [],
  tickets: [],
  firstBytes: null,
  request: null,
} as const satisfies Partial<Handshake>;
