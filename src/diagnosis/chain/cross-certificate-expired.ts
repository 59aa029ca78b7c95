import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { importByNameSteps } from "../remedies/anchor-steps.ts";
import type { Situation } from "../situation.ts";
import { dateText, fingerprint, shortName } from "../words.ts";

const removal = (cross: Certificate): string =>
  `Remove the cross-certificate ${shortName(cross.subject)} issued by ${shortName(cross.issuer)}, SHA-256 ${fingerprint(cross)}, from what the server sends`;

/** The path that this client takes leads over a cross-certificate that has expired (B10). */
export function crossCertificateExpiredFinding(cross: Certificate, situation: Situation): Finding {
  return refusalFinding("chain.cross-certificate-expired", situation, {
    summary: `The certificate by which ${shortName(cross.issuer)} vouched for ${shortName(cross.subject)} expired on ${dateText(cross.notAfter)}, and ${situation.profile.title} takes no other path`,
    remedy: [
      removal(cross),
      `Clients need the root ${shortName(cross.subject)} itself:`,
      ...importByNameSteps(cross.subject, situation),
    ],
    certificates: [cross],
    truststore: situation.store.name,
  });
}

/** The server still sends it, and this client gets by without. */
export function crossCertificateLeftFinding(cross: Certificate, { profile }: Situation): Finding {
  return makeFinding("chain.cross-certificate-expired", {
    severity: "info",
    summary: `The server sends the certificate by which ${shortName(cross.issuer)} vouched for ${shortName(cross.subject)} until ${dateText(cross.notAfter)}; ${profile.title} finds another path, OpenSSL 1.0.2 and simple Java trust managers do not`,
    remedy: [removal(cross)],
    certificates: [cross],
    time: cross.notAfter,
  });
}
