import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

/** The key usage of the server's certificate does not allow this key exchange (C12). */
export function leafKeyUsageFinding(
  leaf: Certificate | undefined,
  detail: string,
  situation: Situation,
): Finding {
  const name = leaf === undefined ? "a certificate" : shortName(leaf.subject);
  return refusalFinding("leaf.key-usage", situation, {
    summary: `The key usage of ${name} does not allow this key exchange${detail === "" ? "" : ` (${detail})`}`,
    remedy: [
      "Have the certificate re-issued with digitalSignature, from a template for TLS servers",
    ],
    certificates: leaf === undefined ? [] : [leaf],
  });
}
