import type { Certificate } from "../../x509/certificate.ts";
import { issuerAddress } from "../certificate-facts.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { sendChainSteps } from "../remedies/server-steps.ts";
import type { LocatedAnchor, Situation } from "../situation.ts";

/**
 * The server sends its own certificate only, and its issuer is nowhere (B1).
 * @param found the issuer in another truststore of the estate
 */
export function incompleteFinding(
  leaf: Certificate,
  found: LocatedAnchor | undefined,
  situation: Situation,
): Finding {
  return refusalFinding("chain.incomplete", situation, {
    summary: `The server sends only its own certificate; the issuer ${leaf.issuer.text} is neither sent nor in ${situation.store.name}`,
    remedy: bundleSteps(leaf, found, situation),
    certificates: [leaf],
    truststore: situation.store.name,
  });
}

/** The server sends its own certificate only, and the client stops at something else before it minds. */
export function incompleteBesideFinding(leaf: Certificate, situation: Situation): Finding {
  return makeFinding("chain.incomplete", {
    severity: "warning",
    summary: `The server sends only its own certificate: clients that do not hold its issuer ${leaf.issuer.text} themselves refuse it`,
    remedy: sendChainSteps(situation),
    certificates: [leaf],
  });
}

/** How to complete what a server sends. */
export function bundleSteps(
  leaf: Certificate,
  found: LocatedAnchor | undefined,
  situation: Situation,
): readonly string[] {
  const address = issuerAddress(leaf);
  return [
    ...sendChainSteps(situation),
    ...(address === null
      ? found === undefined
        ? []
        : [`${found.store.name} holds the certificate of the issuer`]
      : [
          `The certificate of the issuer is published at ${address}; compare its fingerprint with the CA`,
        ]),
    "If the issuer is a root of its own, import it into the truststore instead, after comparing its fingerprint with the owner",
  ];
}
