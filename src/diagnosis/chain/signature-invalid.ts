import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

/** A signature that does not verify although the key is the right one by all other signs: a damaged certificate (B13). */
export function signatureInvalidFinding(
  child: Certificate,
  issuer: Certificate | null,
  situation: Situation,
): Finding {
  const name = shortName(child.subject);
  return refusalFinding("chain.signature-invalid", situation, {
    summary:
      issuer === null
        ? `The signature on ${name} does not verify`
        : `The signature on ${name} does not verify with the key of ${shortName(issuer.subject)}`,
    remedy: [
      `Install the certificate of ${name} again from the CA's reply, with the current certificate of ${child.issuer.text}`,
      "If a device in between rewrites certificates, bypass that device",
    ],
    certificates: issuer === null ? [child] : [child, issuer],
  });
}
