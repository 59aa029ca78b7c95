import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";

/** The response that the server staples cannot be used (C15). `why` is a clause. */
export function stapleInvalidFinding(leaf: Certificate, why: string): Finding {
  return makeFinding("leaf.staple-invalid", {
    severity: "warning",
    summary: `The OCSP response that the server staples is worth nothing: ${why}; clients that look at it refuse the connection`,
    remedy: [
      "Delete the server's cached response and reload it, so that it fetches one for its current certificate",
      "Check that the server knows the issuer of its certificate: the response is about both",
    ],
    certificates: [leaf],
  });
}
