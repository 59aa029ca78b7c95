import { Abort } from "./abort.ts";
import { decodeCertificate12, decodeCertificateStatus } from "./certificate-message.ts";
import { decodeCertificateRequest12, requestRecord } from "./certificate-request.ts";
import { cipherSuiteFacts } from "./cipher-suite-facts.ts";
import type { Conversation, Flow } from "./conversation.ts";
import { Cursor, DecodeError } from "./cursor.ts";
import { HandshakeType, type HandshakeMessage } from "./handshake-type.ts";
import { parametersRecord } from "./key-exchange-record.ts";
import { recordCertificates } from "./server-certificate.ts";
import type { ServerHello } from "./server-hello.ts";
import { decodeParameters } from "./server-key-exchange.ts";
import { Version } from "./versions.ts";

/**
 * Reads on after a hello that cannot be followed: before TLS 1.3 the server's certificate comes next, in the
 * clear, and what else it says up to ServerHelloDone. Then the conversation fails for the reason that was
 * known before, whatever is wrong with the rest.
 */
export class SalvageFlow implements Flow {
  readonly readsPastWarnings = true;
  readonly #conversation: Conversation;
  readonly #hello: ServerHello;
  readonly #reason: Abort;

  constructor(conversation: Conversation, hello: ServerHello, reason: Abort) {
    this.#conversation = conversation;
    this.#hello = hello;
    this.#reason = reason;
    conversation.doom = reason;
  }

  handshake(message: HandshakeMessage): void {
    try {
      if (this.#record(message)) return;
    } catch (error) {
      if (!(error instanceof Abort || error instanceof DecodeError)) throw error;
    }
    throw this.#reason;
  }

  changeCipherSpec(): void {
    throw this.#reason;
  }

  applicationData(): void {
    throw this.#reason;
  }

  /** Takes down what a message says; false where nothing more is to be expected. */
  #record({ type, body }: HandshakeMessage): boolean {
    const conversation = this.#conversation;
    switch (type) {
      case HandshakeType.certificate:
        recordCertificates(conversation, body, decodeCertificate12);
        return true;
      case HandshakeType.certificateStatus: {
        const response = decodeCertificateStatus(body);
        if (response !== null) conversation.emit({ kind: "ocsp-staple", response });
        return true;
      }
      case HandshakeType.serverKeyExchange:
        this.#parameters(body);
        return true;
      case HandshakeType.certificateRequest: {
        const hasSchemes = this.#hello.version >= Version.tls12;
        const request = requestRecord(decodeCertificateRequest12(body, hasSchemes));
        conversation.emit({ kind: "certificate-request", request });
        return true;
      }
      default:
        return false;
    }
  }

  /** Suites with a pre-shared key put a hint in front of the parameters (RFC 4279 section 3, RFC 5489 section 2). */
  #parameters(body: Uint8Array): void {
    const facts = cipherSuiteFacts(this.#hello.cipherSuite);
    if (facts?.keyExchange !== "dhe" && facts?.keyExchange !== "ecdhe") return;
    const cursor = new Cursor(body);
    if (facts.authentication === "psk") cursor.vector16("identity hint");
    const parameters = decodeParameters(cursor, facts.keyExchange);
    this.#conversation.emit({ kind: "key-exchange", keyExchange: parametersRecord(parameters) });
  }
}
