import type { Handshake } from "../../probe/handshake.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { hostPort } from "../words.ts";
import { saysTo } from "./client-auth-facts.ts";
import type { OwnCertificate } from "./own-certificate.ts";

/**
 * The list of accepted CAs is as long as Schannel lets it be, so that others were left out (F9, event 36885).
 * @param length bytes of the list
 */
export function authoritiesTruncatedFinding(
  handshake: Handshake,
  length: number,
  own: OwnCertificate,
): Finding {
  const number = handshake.certificateRequest?.authorities.length ?? 0;
  const fits = handshake.clientCertificateAnswer?.kind === "sent";
  return makeFinding("client-auth.authorities-truncated", {
    severity: fits ? "info" : handshake.outcome === "complete" ? "warning" : "critical",
    summary: `${hostPort(handshake.endpoint)} names ${number} accepted CAs in ${length} bytes, where Windows cuts the list off${fits ? "" : "; the issuer of the client's certificate may be among those that were left out"}`,
    remedy: [
      "Take certificates that no client needs out of the server's Trusted Root Certification Authorities, and keep its event 36885 in sight",
      "Or have the server send no list: SendTrustedIssuerList = 0 (SCHANNEL in the registry), which is the default since Windows Server 2012",
    ],
    clientMessage: saysTo(own, handshake),
  });
}
