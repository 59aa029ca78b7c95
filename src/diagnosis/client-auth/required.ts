import type { Handshake } from "../../probe/handshake.ts";
import type { RequestRecord } from "../../probe/follow-up/request-record.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { alertWords, saysTo } from "./client-auth-facts.ts";
import { hostPort } from "../words.ts";
import { acceptedSteps, acceptedText } from "./accepted-authorities.ts";
import { identitySteps } from "../remedies/client-certificate-steps.ts";
import { type OwnCertificate, sidesOf } from "./own-certificate.ts";

/** The server ends the handshake of a client that has no certificate (F1 before TLS 1.3, F2 from then on). */
export function requiredFinding(handshake: Handshake, own: OwnCertificate): Finding {
  const late =
    handshake.version === "TLSv1.3"
      ? "; in TLS 1.3 the client sees that with its first read, after a handshake that looks complete"
      : "";
  return makeFinding("client-auth.required", {
    severity: "critical",
    summary: `${hostPort(handshake.endpoint)} requires a client certificate and none is configured${alertWords(handshake)}${acceptedText(handshake)}${late}`,
    remedy: [
      ...identitySteps(sidesOf(own)),
      ...acceptedSteps(handshake),
      "Or make the client certificate optional on the server, when that is what was meant",
    ],
    clientMessage: saysTo(own, handshake),
  });
}

/** Statuses with which a server answers a request whose client certificate it misses. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 495, 496]);

/** Whether an answer is what a server says to a client without a certificate that it asked for. */
export function missesCertificate(
  { clientCertificateAnswer }: Handshake,
  { status }: RequestRecord,
): boolean {
  return clientCertificateAnswer?.kind === "empty" && status !== null && REFUSALS.has(status);
}

/** Whether such an answer leaves no doubt: it names the certificate, or is none of those that are expected. */
export function isSureRefusal({ status, expectStatus }: RequestRecord): boolean {
  return status === 400 || status === 495 || status === 496 || expectStatus.length > 0;
}

/** The server completes the handshake and refuses the request: nginx, Apache and gateways judge later (F10). */
export function requiredLaterFinding(handshake: Handshake, request: RequestRecord): Finding {
  return makeFinding("client-auth.required", {
    severity: isSureRefusal(request) ? "critical" : "warning",
    summary: `${hostPort(handshake.endpoint)} asks for a client certificate, none is configured, and after the handshake it answers ${request.status} to ${request.method} ${request.path}${acceptedText(handshake)}`,
    remedy: [...identitySteps({ client: null, server: null }), ...acceptedSteps(handshake)],
  });
}
