import type { CertificateAnswerRecord, CertificateRequestRecord } from "./client-auth-record.ts";
import type { Handshake } from "./handshake.ts";
import { certificateTypeCode } from "./tls/certificate-request.ts";
import type { CertificateRequest } from "./tls/certificate-request.ts";
import type { Keyring } from "./tls/client-options.ts";
import { answerRecord, chooseKey } from "./tls/key-choice.ts";
import { SIGNATURE_SCHEMES } from "./tls/signature-schemes.ts";

const SCHEME_CODES: ReadonlyMap<string, number> = new Map(
  SIGNATURE_SCHEMES.map(({ name, code }) => [name, code]),
);

/**
 * Whether a client with another keyring would have answered the request of a conversation in the same way, so
 * that its own conversation would have been the same.
 */
export function wouldAnswerAlike(handshake: Handshake, keyring: Keyring | null): boolean {
  const answer = wouldAnswer(handshake, keyring);
  return (
    answer === null || JSON.stringify(answer) === JSON.stringify(handshake.clientCertificateAnswer)
  );
}

/** How a client with a keyring would have answered the request of a conversation; null where there was none. */
export function wouldAnswer(
  { certificateRequest: request, version }: Handshake,
  keyring: Keyring | null,
): CertificateAnswerRecord | null {
  if (request === null) return null;
  return answerRecord(chooseKey(keyring, requestOf(request, version), version === "TLSv1.3"));
}

/** A request as the engine saw it, but for what the engine does not know. */
function requestOf(record: CertificateRequestRecord, version: string | null): CertificateRequest {
  const codes = (names: readonly string[]): readonly number[] =>
    names.flatMap((name) => SCHEME_CODES.get(name) ?? []);
  const hasSchemes = version === "TLSv1.3" || version === "TLSv1.2";
  return {
    ...record,
    certificateTypes: record.certificateTypes.flatMap((name) => certificateTypeCode(name) ?? []),
    signatureSchemes: hasSchemes ? codes(record.signatureSchemes) : null,
    certificateSignatureSchemes:
      record.certificateSignatureSchemes === null
        ? null
        : codes(record.certificateSignatureSchemes),
    context: new Uint8Array(),
  };
}
