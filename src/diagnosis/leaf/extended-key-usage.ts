import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

/** The extended key usage of the server's certificate is not for TLS servers (C11). */
export function leafPurposeFinding(leaf: Certificate | undefined, situation: Situation): Finding {
  const name = leaf === undefined ? "a certificate" : shortName(leaf.subject);
  return refusalFinding("leaf.extended-key-usage", situation, {
    summary: `The extended key usage of ${name} does not include TLS server authentication`,
    remedy: ["Have the certificate re-issued with serverAuth, from a template for TLS servers"],
    certificates: leaf === undefined ? [] : [leaf],
  });
}
