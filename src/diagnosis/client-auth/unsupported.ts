import type { Handshake } from "../../probe/handshake.ts";
import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusedWords, saysTo } from "./client-auth-facts.ts";
import { lacksClientAuth, type OwnCertificate } from "./own-certificate.ts";

/** The server refuses the kind of certificate: mostly its extended key usage lacks clientAuth (F6). */
export function unsupportedFinding(
  handshake: Handshake,
  leaf: Certificate | undefined,
  own: OwnCertificate,
): Finding {
  const refused = refusedWords(handshake);
  return makeFinding("client-auth.unsupported", {
    severity: "critical",
    summary: lacksClientAuth(leaf)
      ? `${refused}: its extended key usage does not permit client authentication`
      : refused,
    remedy: [
      "Have a certificate with the extended key usage clientAuth issued, by a private CA for clients",
    ],
    certificates: leaf === undefined ? [] : [leaf],
    clientMessage: saysTo(own, handshake),
  });
}
