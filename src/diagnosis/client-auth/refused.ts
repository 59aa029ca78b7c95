import type { Handshake } from "../../probe/handshake.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusedWords, saysTo } from "./client-auth-facts.ts";
import type { OwnCertificate } from "./own-certificate.ts";

/** The server refuses the client certificate and does not say why. */
export function refusedFinding(handshake: Handshake, own: OwnCertificate): Finding {
  return makeFinding("client-auth.refused", {
    severity: "critical",
    summary: refusedWords(handshake),
    remedy: [
      "Check the dates of the client certificate and that its issuer is among the CAs that the server accepts",
      "Send the intermediates of the client certificate along, and add its CA to the server's truststore",
    ],
    clientMessage: saysTo(own, handshake),
  });
}
