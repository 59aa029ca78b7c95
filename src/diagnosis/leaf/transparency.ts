import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import type { Situation } from "../situation.ts";
import { counted } from "../words.ts";
import { claimsPublicTrust, timestampCount } from "./public-leaf.ts";

const DAY = 86_400_000;

/** Up to this lifetime browsers ask for two timestamps, above it for three. */
const SHORT_LIFETIME = 180 * DAY;

/** A public certificate without the signed timestamps that browsers ask for (C16, RFC 6962); null otherwise. */
export function transparencyFinding(leaf: Certificate, { handshake }: Situation): Finding | null {
  if (!claimsPublicTrust(leaf)) return null;
  const needed = leaf.notAfter - leaf.notBefore <= SHORT_LIFETIME ? 2 : 3;
  const beside = handshake.signedCertificateTimestamps.length;
  const count = timestampCount(leaf);
  // two that the server sends beside the certificate are as good as any number within
  if (count >= needed || beside >= 2) return null;
  return makeFinding("leaf.transparency", {
    severity: "info",
    summary: `The certificate carries ${counted(count, "signed timestamp")} of certificate transparency logs; browsers ask for ${needed} and refuse it otherwise`,
    remedy: [
      "Have the certificate re-issued by a CA that logs it; public CAs do so unless they are told not to",
    ],
    certificates: [leaf],
  });
}
