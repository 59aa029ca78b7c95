import type { Handshake } from "../../probe/handshake.ts";
import { type Certificate, isSelfIssued } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { printable } from "../words.ts";
import { acceptedText } from "./accepted-authorities.ts";
import { refusedWords, saysTo } from "./client-auth-facts.ts";
import { acceptIssuerSteps } from "../remedies/client-certificate-steps.ts";
import { type OwnCertificate, ownCertificates, sidesOf } from "./own-certificate.ts";

/** The server does not accept the CA of the client certificate (F3). */
export function unknownCaFinding(
  handshake: Handshake,
  leaf: Certificate | undefined,
  own: OwnCertificate,
): Finding {
  const issuer = leaf === undefined ? "" : `; ${printable(leaf.issuer.text)} issued it`;
  return makeFinding("client-auth.unknown-ca", {
    severity: "critical",
    summary: `${refusedWords(handshake)}${issuer}${acceptedText(handshake)}`,
    remedy: [
      "Send the intermediates of the client certificate along",
      ...acceptIssuerSteps(rootOf(own), sidesOf(own)),
    ],
    certificates: leaf === undefined ? [] : [leaf],
    clientMessage: saysTo(own, handshake),
  });
}

/** The root that the client sends along itself; null where it sends none. */
function rootOf({ ownChain }: OwnCertificate): Certificate | null {
  const top = ownCertificates(ownChain).at(-1);
  return top !== undefined && isSelfIssued(top) ? top : null;
}
