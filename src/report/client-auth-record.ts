import { authorityTexts } from "../diagnosis/client-auth/accepted-authorities.ts";
import type { ClientAuth, EmptyAnswerReason } from "../probe/client-auth-record.ts";
import type { Handshake } from "../probe/handshake.ts";

/** What a server asks of its clients, as it leaves the program. */
export interface CertificateRequestReport {
  /** Names of the accepted CAs; empty: any. */
  readonly authorities: readonly string[];
  /** Before TLS 1.3. */
  readonly certificateTypes: readonly string[];
  /** From TLS 1.2 on. */
  readonly signatureSchemes: readonly string[];
  /** Null where those of signatures hold for certificates too. */
  readonly certificateSignatureSchemes: readonly string[] | null;
  /** Dotted OIDs of extensions that the certificate should have. */
  readonly oidFilters: readonly string[];
}

/** The part of a record that is about the client's certificate. */
export interface ClientAuthReport {
  /** `none`, `optional` or `required`; null when it did not come out. */
  readonly clientAuth: ClientAuth | null;
  /** `sent`, or why none was sent; null when none was asked for. */
  readonly clientCertificate: "sent" | EmptyAnswerReason | null;
  readonly certificateRequest: CertificateRequestReport | null;
}

/** What a handshake shows about client certificates. */
export function clientAuthReport(handshake: Handshake): ClientAuthReport {
  const { clientAuth, clientCertificateAnswer: answer, certificateRequest: request } = handshake;
  return {
    clientAuth,
    clientCertificate: answer === null ? null : answer.kind === "sent" ? "sent" : answer.reason,
    certificateRequest:
      request === null
        ? null
        : {
            ...request,
            authorities: authorityTexts(request.authorities),
            oidFilters: request.oidFilters.map(({ oid }) => oid),
          },
  };
}

/** What there is to say without a handshake. */
export const NO_CLIENT_AUTH: ClientAuthReport = {
  clientAuth: null,
  clientCertificate: null,
  certificateRequest: null,
};
