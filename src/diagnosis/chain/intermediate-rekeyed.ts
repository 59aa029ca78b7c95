import type { Certificate } from "../../x509/certificate.ts";
import { authorityKeyIdentifier, valueOf } from "../../x509/extensions.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

/** The intermediate that is sent has the right name and another key than the one that signed (B3). */
export function intermediateRekeyedFinding(
  child: Certificate,
  issuer: Certificate,
  situation: Situation,
): Finding {
  const wanted = valueOf(authorityKeyIdentifier(child))?.keyIdentifier ?? null;
  const which = wanted === null ? "the one whose key signed it" : `key identifier ${wanted}`;
  return refusalFinding("chain.intermediate-rekeyed", situation, {
    summary: `The server sends a certificate of ${shortName(issuer.subject)} with another key than the one that signed ${shortName(child.subject)}`,
    remedy: [
      `Configure on the server the certificate of ${child.issuer.text} that belongs to ${shortName(child.subject)}: ${which}`,
      "The CA's reply to the last request brings it along; after a renewal both have to be replaced",
    ],
    certificates: [child, issuer],
  });
}
