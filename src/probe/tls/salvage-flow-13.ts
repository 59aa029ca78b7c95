import { Abort } from "./abort.ts";
import { decodeCertificate13 } from "./certificate-message.ts";
import { decodeCertificateRequest13, requestRecord } from "./certificate-request.ts";
import { expandCertificate } from "./compressed-certificate.ts";
import type { Conversation, Flow } from "./conversation.ts";
import { DecodeError } from "./cursor.ts";
import { HandshakeType, type HandshakeMessage } from "./handshake-type.ts";
import { type HelloShape, offeredExtensions } from "./hello-shape.ts";
import { recordCertificates } from "./server-certificate.ts";

/**
 * Reads on after a mistake of the server in front of its certificate, which comes in the same flight. Then
 * the conversation fails for the reason that was known before, whatever is wrong with the rest.
 */
export class SalvageFlow13 implements Flow {
  readonly readsPastWarnings = false;
  readonly #conversation: Conversation;
  readonly #shape: HelloShape;
  readonly #reason: Abort;

  constructor(conversation: Conversation, shape: HelloShape, reason: Abort) {
    this.#conversation = conversation;
    this.#shape = shape;
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
    switch (type) {
      case HandshakeType.certificateRequest: {
        const request = requestRecord(decodeCertificateRequest13(body));
        this.#conversation.emit({ kind: "certificate-request", request });
        return true;
      }
      case HandshakeType.certificate:
        this.#certificates(body);
        return false;
      case HandshakeType.compressedCertificate:
        this.#certificates(expandCertificate(body, this.#shape.certificateCompression).body);
        return false;
      default:
        return false;
    }
  }

  #certificates(body: Uint8Array): void {
    recordCertificates(this.#conversation, body, (list, sink) =>
      decodeCertificate13(list, offeredExtensions(this.#shape), sink),
    );
  }
}
