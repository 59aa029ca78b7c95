import type { Handshake } from "../../probe/handshake.ts";
import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { dateText, shortName } from "../words.ts";
import { refusedWords, saysTo } from "./client-auth-facts.ts";
import type { OwnCertificate } from "./own-certificate.ts";

/** The server refuses a client certificate that has expired (F4). */
export function expiredOwnFinding(
  handshake: Handshake,
  leaf: Certificate | undefined,
  own: OwnCertificate,
): Finding {
  const dates =
    leaf === undefined
      ? ""
      : leaf.notAfter < own.at
        ? `: ${shortName(leaf.subject)} expired on ${dateText(leaf.notAfter)}`
        : `: ${shortName(leaf.subject)} expires on ${dateText(leaf.notAfter)}, so that the clock of the server or an intermediate is to blame`;
  return makeFinding("client-auth.expired", {
    severity: "critical",
    summary: `${refusedWords(handshake)}${dates}`,
    remedy: [
      "Renew the client certificate and configure the new one",
      "Where the server keeps a list of permitted clients, put the new certificate on it",
    ],
    certificates: leaf === undefined ? [] : [leaf],
    time: leaf?.notAfter ?? null,
    clientMessage: saysTo(own, handshake),
  });
}
