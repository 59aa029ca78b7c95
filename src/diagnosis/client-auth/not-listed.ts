import type { Handshake } from "../../probe/handshake.ts";
import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { fingerprint, hostPort, printable } from "../words.ts";
import { refusedWords, saysTo } from "./client-auth-facts.ts";
import type { OwnCertificate } from "./own-certificate.ts";

/** Status with which an application refuses a client that TLS let through. */
const FORBIDDEN: ReadonlySet<number> = new Set([401, 403]);

/** Whether the application behind the handshake refuses a client whose certificate was accepted. */
export function isRefusedByApplication({ clientCertificateAnswer, request }: Handshake): boolean {
  return clientCertificateAnswer?.kind === "sent" && FORBIDDEN.has(request?.status ?? 0);
}

/** The certificate is in order and its CA accepted, but the client is on no list of those that may (F11). */
export function notListedFinding(
  handshake: Handshake,
  leaf: Certificate,
  own: OwnCertificate,
): Finding {
  const { request, outcome } = handshake;
  const what =
    outcome === "complete"
      ? `${hostPort(handshake.endpoint)} accepts the client certificate and answers ${request?.status ?? ""} to ${request?.method ?? ""} ${printable(request?.path ?? "")}`
      : refusedWords(handshake);
  return makeFinding("client-auth.not-listed", {
    severity: outcome === "complete" && request?.expectStatus.length === 0 ? "warning" : "critical",
    summary: `${what} although its CA is accepted: the client may not be on the server's list`,
    remedy: [
      `Have the owner of the server compare its list with the subject, attribute for attribute: ${printable(leaf.subject.text)}`,
      `Where the list holds certificates: compare with the SHA-256 fingerprint ${fingerprint(leaf)}`,
      "Service Manager: the trusted-clients store (ssl_reqClientAuth:2); API Gateway: the subject of the federated user; otherwise the authorisation of the application",
    ],
    certificates: [leaf],
    clientMessage: saysTo(own, handshake),
  });
}
