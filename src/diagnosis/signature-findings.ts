import type { Certificate } from "../x509/certificate.ts";
import type { Finding } from "./finding.ts";
import { makeFinding } from "./make-finding.ts";
import { importByNameSteps } from "./remedies/anchor-steps.ts";
import { verifyStep } from "./remedies/verify-step.ts";
import type { Situation } from "./situation.ts";
import { dateText, fingerprint, shortName } from "./words.ts";

/** The store holds a CA of the right name with another key: the CA was re-keyed (A15). */
export function rekeyedFinding(
  child: Certificate,
  stored: Certificate,
  situation: Situation,
): Finding {
  const name = shortName(stored.subject);
  const located = situation.anchors.find(({ certificate }) => certificate.sha256 === stored.sha256);
  const alias = located?.alias ?? null;
  const where = alias === null ? situation.store.name : `${situation.store.name} (alias ${alias})`;
  return makeFinding("truststore.anchor-rekeyed", {
    severity: "critical",
    summary: `${where} holds another key of ${name}: the CA was re-keyed, and the certificate of ${shortName(child.subject)} is signed with the new key`,
    remedy: [
      ...importByNameSteps(stored.subject, situation),
      `Keep the old certificate (SHA-256 ${fingerprint(stored)}, valid until ${dateText(stored.notAfter)}) while anything still uses it`,
      verifyStep(situation),
    ],
    certificates: [child, stored],
    truststore: situation.store.name,
    alias,
    clientMessage: situation.verdict.clientMessage,
  });
}

/** A signature that no available key verifies: a wrong intermediate of the right name, or a damaged certificate (B3, B13). */
export function signatureFinding(
  child: Certificate,
  issuer: Certificate | null,
  situation: Situation,
): Finding {
  const name = shortName(child.subject);
  return makeFinding("chain.signature-invalid", {
    severity: "critical",
    summary:
      issuer === null
        ? `The signature on ${name} does not verify`
        : `The signature on ${name} does not verify with the key of ${shortName(issuer.subject)} that was sent along`,
    remedy: [
      `Configure on the server the current certificate of ${child.issuer.text}, the one whose key signed ${name}`,
      "If the certificate was damaged, install it again from the CA's reply; if a device in between rewrites it, bypass that device",
      verifyStep(situation),
    ],
    certificates: issuer === null ? [child] : [child, issuer],
    clientMessage: situation.verdict.clientMessage,
  });
}
