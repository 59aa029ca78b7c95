import type { Certificate } from "../../x509/certificate.ts";
import { namesEqual } from "../../x509/name.ts";
import { isSignedBy } from "../../x509/verify-signature.ts";
import { placeOf, sameAuthority } from "../certificate-facts.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { importByNameSteps } from "../remedies/anchor-steps.ts";
import type { LocatedAnchor, Situation } from "../situation.ts";
import { fingerprint, shortName } from "../words.ts";

/** A certificate known from elsewhere that leads from the top of a chain to an anchor of this client. */
export function crossCertificateFor(
  top: Certificate,
  { elsewhere, anchors }: Situation,
): LocatedAnchor | undefined {
  return elsewhere.find(
    ({ certificate }) =>
      (sameAuthority(certificate, top) ||
        (namesEqual(certificate.subject, top.issuer, "openssl") && isSignedBy(top, certificate))) &&
      anchors.some(
        (anchor) =>
          namesEqual(anchor.certificate.subject, certificate.issuer, "openssl") &&
          isSignedBy(certificate, anchor.certificate),
      ),
  );
}

/** This client knows an older hierarchy, and the server does not send the certificate that leads there (B9). */
export function crossCertificateMissingFinding(
  top: Certificate,
  cross: LocatedAnchor,
  situation: Situation,
): Finding {
  const { certificate } = cross;
  const name = shortName(certificate.subject);
  return refusalFinding("chain.cross-certificate-missing", situation, {
    summary: `${situation.store.name} does not have ${name}, and the server does not send the certificate by which ${shortName(certificate.issuer)}, which it has, vouches for it; ${placeOf(cross, situation)} holds that certificate`,
    remedy: [
      `Let the server send the cross-certificate ${name} issued by ${shortName(certificate.issuer)} as well, SHA-256 ${fingerprint(certificate)}, after comparing the fingerprint with the CA`,
      "Or import the new root instead:",
      ...importByNameSteps(certificate.subject, situation),
    ],
    certificates: [top, certificate],
    truststore: situation.store.name,
    alias: cross.alias,
  });
}
