import type { Handshake } from "../../probe/handshake.ts";
import type { Thresholds } from "../assessment.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { dateText, distanceText, shortName } from "../words.ts";
import { type OwnCertificate, ownCertificates } from "./own-certificate.ts";

/** A warning ahead of the day on which a client's own certificate ends; null while there is time. */
export function ownExpiryFinding(
  handshake: Handshake,
  { ownChain, at }: OwnCertificate,
  thresholds: Thresholds,
): Finding | null {
  if (handshake.clientCertificateAnswer?.kind !== "sent" || handshake.outcome !== "complete")
    return null;
  const sent = handshake.clientCertificateAnswer.sha256;
  const leaf = ownCertificates(ownChain).find(({ sha256 }) => sha256 === sent);
  if (leaf === undefined) return null;
  const left = leaf.notAfter - at;
  if (left > Math.max(thresholds.warning, thresholds.critical)) return null;
  const name = shortName(leaf.subject);
  return makeFinding("client-auth.expiring", {
    severity: left <= thresholds.critical ? "critical" : "warning",
    summary:
      left < 0
        ? `The client certificate ${name} expired on ${dateText(leaf.notAfter)}; the handshake completes all the same`
        : `The client certificate ${name} expires in ${distanceText(at, leaf.notAfter)}, on ${dateText(leaf.notAfter)}`,
    remedy:
      left < 0
        ? [
            `Renew ${name} and configure the new one`,
            ...(handshake.request === null
              ? [
                  "Servers such as nginx and gateways judge it with the first request only: see with --request / what they answer",
                ]
              : []),
          ]
        : [`Renew ${name} before ${dateText(leaf.notAfter)} and configure the new one`],
    certificates: [leaf],
    time: leaf.notAfter,
  });
}
