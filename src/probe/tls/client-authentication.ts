import type { CertificateRequestRecord } from "../handshake.ts";
import { encodeCertificate } from "./certificate-message.ts";
import type { CertificateRequest } from "./certificate-request.ts";
import type { Conversation } from "./conversation.ts";
import { signatureScheme, type SignatureScheme, signatureSchemeName } from "./signature-schemes.ts";
import { schemeFitsKey, signingKey } from "./signatures.ts";
import type { ClientCertificate } from "./client-options.ts";

/** The request as it is recorded. */
export function requestRecord({
  authorities,
  signatureSchemes,
}: CertificateRequest): CertificateRequestRecord {
  return {
    authorities,
    signatureSchemes: signatureSchemes.map(signatureSchemeName),
  };
}

/** The first scheme of the server's list that the client's key can make. */
function fittingScheme(
  { key }: ClientCertificate,
  { signatureSchemes }: CertificateRequest,
  tls13: boolean,
): SignatureScheme | undefined {
  const own = signingKey(key);
  for (const code of signatureSchemes) {
    const scheme = signatureScheme(code);
    if (scheme === undefined || (tls13 && !scheme.tls13)) continue;
    if (schemeFitsKey(scheme, own, tls13)) return scheme;
  }
  return undefined;
}

/** A certificate that was sent, and the scheme in which its key is to be proved. */
export interface SentCertificate {
  readonly certificate: ClientCertificate;
  readonly scheme: SignatureScheme;
}

/**
 * Queues the answer to a request: the configured chain, or an empty list when there is none or the server
 * accepts no scheme of its key. The result is null in the latter two cases.
 */
export function answerRequest(
  conversation: Conversation,
  request: CertificateRequest,
  tls13: boolean,
): SentCertificate | null {
  const certificate = conversation.clientCertificate;
  const scheme = certificate === null ? undefined : fittingScheme(certificate, request, tls13);
  const sent = certificate === null || scheme === undefined ? null : { certificate, scheme };
  conversation.queue(
    encodeCertificate(sent?.certificate.chain ?? [], tls13 ? request.context : null),
  );
  conversation.certificateAnswer = sent === null ? "empty" : "sent";
  return sent;
}
