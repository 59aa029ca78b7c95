import type { EmptyAnswerReason } from "../../probe/client-auth-record.ts";
import type { Handshake } from "../../probe/handshake.ts";
import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { hostPort, printable } from "../words.ts";
import { acceptedSteps, acceptedText, few, schemesText } from "./accepted-authorities.ts";
import { isSureRefusal, missesCertificate } from "./required.ts";
import { saysTo } from "./client-auth-facts.ts";
import { type OwnCertificate, ownCertificates } from "./own-certificate.ts";

/** Why a client that has a certificate sends none. */
export type NoMatchReason = Exclude<EmptyAnswerReason, "not-configured">;

/** A client that has a certificate and sends none: it found nothing that the server accepts (F5). */
export function noMatchFinding(
  handshake: Handshake,
  reason: NoMatchReason,
  own: OwnCertificate,
): Finding {
  const chain = ownCertificates(own.ownChain);
  const { request } = handshake;
  const isRefused = request !== null && isSureRefusal(request);
  const later = isRefused && missesCertificate(handshake, request) ? request : null;
  const insists =
    handshake.outcome === "complete"
      ? "asks for a client certificate"
      : "requires a client certificate";
  return makeFinding("client-auth.no-match", {
    severity: handshake.outcome === "complete" && later === null ? "warning" : "critical",
    summary: `${hostPort(handshake.endpoint)} ${insists} and the client sends none${later === null ? "" : `, to which it answers ${later.status} after the handshake`}: ${mismatch(handshake, reason, chain)}`,
    remedy: [
      ...(reason === "no-accepted-issuer"
        ? [
            "Store the certificate with its whole chain, so that a CA that the server names is among its issuers",
            "Or use a certificate of a CA that the server names, or have its owner add the CA of the client",
          ]
        : [
            "Use a certificate whose type of key and signatures the server accepts",
            "Or have the owner of the server accept more signature schemes",
          ]),
      ...acceptedSteps(handshake, reason !== "no-accepted-issuer"),
    ],
    certificates: chain.slice(0, 1),
    clientMessage: saysTo(own, handshake),
  });
}

function mismatch(
  handshake: Handshake,
  reason: NoMatchReason,
  own: readonly Certificate[],
): string {
  switch (reason) {
    case "no-accepted-issuer": {
      const issuers = [...new Set(own.map(({ issuer }) => printable(issuer.text)))];
      const ours = issuers.length === 0 ? "" : `; its issuers are ${few(issuers)}`;
      return `none of its issuers is among the accepted CAs${acceptedText(handshake)}${ours}`;
    }
    case "no-accepted-key-type":
      return `the server accepts no key of its type${schemesText(handshake)}`;
    case "no-accepted-signature":
      return `the server accepts no certificates that are signed like its own${schemesText(handshake)}`;
    case "no-accepted-scheme":
    case "cannot-sign":
      return `its key makes no signature that the server accepts${schemesText(handshake)}`;
  }
}
