import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { type KnownCertificate, knownCertificate } from "../lint/known-certificates.ts";
import { makeFinding } from "../make-finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { importByNameSteps } from "../remedies/anchor-steps.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

/** A certificate of the chain that came with a product, or whose key everybody has; samples and tests are no business here. */
export interface Notorious {
  readonly certificate: Certificate;
  readonly known: KnownCertificate;
}

/** The first such certificate that the server sends; undefined when there is none. */
export function notoriousIn({ sent }: Pick<Situation, "sent">): Notorious | undefined {
  for (const certificate of sent) {
    const known = knownCertificate(certificate);
    if (known?.notoriety === "key-published" || known?.notoriety === "vendor-default")
      return { certificate, known };
  }
  return undefined;
}

const words = ({ certificate, known }: Notorious): string =>
  `${shortName(certificate.subject)}, which the server presents, is ${known.what}`;

const REPLACE =
  "Have a CA that the clients trust issue a certificate for this server, with a key of its own";

/** The server still presents what its installer made, and this client does not trust it (B12). */
export function knownCertificateFinding(found: Notorious, situation: Situation): Finding {
  const isPublic = found.known.notoriety === "key-published";
  const { certificate } = found;
  return refusalFinding("chain.known-certificate", situation, {
    summary: isPublic
      ? `${words(found)}: its private key is published, so anybody can pose as this server`
      : `${words(found)}: nothing was configured in its place yet`,
    remedy: [
      REPLACE,
      ...(isPublic
        ? ["Do not import this certificate anywhere"]
        : [
            "If it is wanted for the time being:",
            ...importByNameSteps(certificate.issuer, situation),
          ]),
    ],
    certificates: [certificate],
    truststore: situation.store.name,
  });
}

/** The same for a client that trusts it: a published key is no protection. */
export function knownCertificateTrustedFinding(
  found: Notorious,
  { profile }: Situation,
): Finding | null {
  const { certificate, known } = found;
  if (known.notoriety !== "key-published") return null;
  return makeFinding("chain.known-certificate", {
    severity: "warning",
    summary: `${words(found)}: its private key is published, and ${profile.title} trusts whoever uses it`,
    remedy: [REPLACE, `Then take ${shortName(certificate.subject)} out of the truststore`],
    certificates: [certificate],
  });
}
