import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";

/** The response that the server staples is out of date (C15). `detail` says since when. */
export function stapleStaleFinding(leaf: Certificate, detail: string): Finding {
  return makeFinding("leaf.staple-stale", {
    severity: "warning",
    summary: `The OCSP response that the server staples is out of date (${detail}); clients that look at it refuse the connection`,
    remedy: [
      "Reload the server, and see that it can reach the CA's OCSP responder: it has to fetch responses itself",
    ],
    certificates: [leaf],
  });
}
