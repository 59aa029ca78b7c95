import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import type { Situation } from "../situation.ts";

/** The certificate demands a staple (RFC 7633), and the server sends none (C15). */
export function stapleMissingFinding(leaf: Certificate, { profile }: Situation): Finding {
  return makeFinding("leaf.staple-missing", {
    severity: "warning",
    summary: `The certificate demands a stapled OCSP response and the server sends none; ${profile.title} does not look, browsers refuse the connection`,
    remedy: [
      "Turn OCSP stapling on: ssl_stapling on (nginx), SSLUseStapling on (Apache), ocsp-update on (HAProxy)",
      "Or have the certificate re-issued without the TLS feature extension",
    ],
    certificates: [leaf],
  });
}
