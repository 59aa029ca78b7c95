import type { CertificateAnswerRecord, CertificateRequestRecord } from "../client-auth-record.ts";
import type {
  AlertRecord,
  EndRecord,
  ExtensionRecord,
  HandshakeFailure,
  KeyExchangeRecord,
  RetryRecord,
  ServerHelloRecord,
  TicketRecord,
} from "../handshake.ts";

/**
 * What the engine reports, in the order in which it happened. Every conversation ends with exactly one of
 * `complete` and `failed`.
 */
export type EngineEvent =
  /** The server answered the hello with this version, which need not be one that was offered. */
  | { readonly kind: "hello"; readonly version: string }
  | { readonly kind: "cipher-suite"; readonly name: string }
  /** The server asked for a second hello. */
  | { readonly kind: "retry"; readonly retry: RetryRecord }
  | { readonly kind: "server-hello"; readonly hello: ServerHelloRecord }
  /** The extensions of one message, in order. */
  | { readonly kind: "extensions"; readonly extensions: readonly ExtensionRecord[] }
  | { readonly kind: "key-exchange"; readonly keyExchange: KeyExchangeRecord }
  | { readonly kind: "alpn"; readonly protocol: string }
  | { readonly kind: "certificates"; readonly certificates: readonly Uint8Array[] }
  | { readonly kind: "certificate-compression"; readonly algorithm: string }
  | { readonly kind: "timestamps"; readonly timestamps: readonly Uint8Array[] }
  | { readonly kind: "ocsp-staple"; readonly response: Uint8Array }
  | { readonly kind: "certificate-request"; readonly request: CertificateRequestRecord }
  | { readonly kind: "certificate-answer"; readonly answer: CertificateAnswerRecord }
  /** The server proved that it holds the key of its certificate. */
  | { readonly kind: "signature"; readonly scheme: string }
  /**
   * The server's Finished verified and ours is on its way. With `awaitsVerdict` the server has yet to judge
   * the client certificate, or its absence, or may send tickets that are asked for: call `settle()` when
   * nothing has come for a while.
   */
  | { readonly kind: "finished"; readonly awaitsVerdict: boolean }
  | { readonly kind: "ticket"; readonly ticket: TicketRecord }
  | { readonly kind: "alert"; readonly alert: AlertRecord }
  /** Who ended the conversation; comes right before `complete` or `failed`. */
  | { readonly kind: "end"; readonly by: EndRecord["by"]; readonly how: EndRecord["how"] }
  | { readonly kind: "complete" }
  | {
      readonly kind: "failed";
      readonly failure: HandshakeFailure;
      /** What the peer said first when it was not TLS. */
      readonly firstBytes: Uint8Array | null;
    };
