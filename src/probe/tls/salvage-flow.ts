import type { Abort } from "./abort.ts";
import { decodeCertificate12 } from "./certificate-message.ts";
import type { Conversation, Flow } from "./conversation.ts";
import { HandshakeType, type HandshakeMessage } from "./handshake-type.ts";
import { recordCertificates } from "./server-certificate.ts";

/**
 * Reads one more message after a hello that cannot be followed: before TLS 1.3 the server's certificate
 * comes next, in the clear. Then the conversation fails for the reason that was known before.
 */
export class SalvageFlow implements Flow {
  readonly readsPastWarnings = true;
  readonly #conversation: Conversation;
  readonly #reason: Abort;

  constructor(conversation: Conversation, reason: Abort) {
    this.#conversation = conversation;
    this.#reason = reason;
    conversation.doom = reason;
  }

  handshake({ type, body }: HandshakeMessage): void {
    if (type === HandshakeType.certificate)
      recordCertificates(this.#conversation, body, decodeCertificate12);
    throw this.#reason;
  }

  changeCipherSpec(): void {
    throw this.#reason;
  }

  applicationData(): void {
    throw this.#reason;
  }
}
