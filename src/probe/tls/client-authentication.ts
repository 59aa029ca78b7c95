import { encodeCertificate } from "./certificate-message.ts";
import type { CertificateRequest } from "./certificate-request.ts";
import type { ClientCertificate } from "./client-options.ts";
import type { Conversation } from "./conversation.ts";
import { answerRecord, chooseKey } from "./key-choice.ts";
import type { SignatureScheme } from "./signature-schemes.ts";

export { requestRecord } from "./certificate-request.ts";

/** A certificate that was sent, and the scheme in which its key is to be proved. */
export interface SentCertificate {
  readonly certificate: ClientCertificate;
  /** Before TLS 1.2 the one that the type of the key implies; its code is not written then. */
  readonly scheme: SignatureScheme;
}

/**
 * Queues the answer to a request: the chain that the client chooses, or an empty list when it chooses none.
 * The result is null in the latter case.
 */
export function answerRequest(
  conversation: Conversation,
  request: CertificateRequest,
  tls13: boolean,
): SentCertificate | null {
  const choice = chooseKey(conversation.keyring, request, tls13);
  const chain = choice.kind === "send" ? choice.certificate.chain : [];
  conversation.queue(encodeCertificate(chain, tls13 ? request.context : null));
  conversation.certificateAnswer = choice.kind === "send" ? "sent" : "empty";
  conversation.emit({
    kind: "certificate-answer",
    answer: answerRecord(choice),
  });
  return choice.kind === "send" ? choice : null;
}
