import type { Handshake } from "../../probe/handshake.ts";
import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusedWords, saysTo } from "./client-auth-facts.ts";
import type { OwnCertificate } from "./own-certificate.ts";

/** The server says that the client certificate is revoked (F4). */
export function revokedOwnFinding(
  handshake: Handshake,
  leaf: Certificate | undefined,
  own: OwnCertificate,
): Finding {
  return makeFinding("client-auth.revoked", {
    severity: "critical",
    summary: refusedWords(handshake),
    remedy: ["Ask the CA why it revoked the certificate, and have a new one issued"],
    certificates: leaf === undefined ? [] : [leaf],
    clientMessage: saysTo(own, handshake),
  });
}
