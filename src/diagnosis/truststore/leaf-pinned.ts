import type { Certificate } from "../../x509/certificate.ts";
import { locate, placeOf } from "../certificate-facts.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { verifyStep } from "../remedies/verify-step.ts";
import type { LocatedAnchor, Situation } from "../situation.ts";
import { dateText, fingerprint, shortName } from "../words.ts";
import { rootSteps } from "./root-steps.ts";

/** The store holds the server's own certificate instead of its CA, and that works until the next one (A11). */
export function leafPinnedFinding(leaf: Certificate, situation: Situation): Finding {
  const { store } = situation;
  return makeFinding("truststore.leaf-pinned", {
    severity: "warning",
    summary: `Works until the server gets its next certificate: ${store.name} holds the server's own certificate (valid until ${dateText(leaf.notAfter)}) instead of its CA`,
    remedy: [...rootSteps(leaf, situation), verifyStep(situation)],
    certificates: [leaf],
    truststore: store.name,
    alias: locate(leaf, situation)?.alias ?? null,
    time: leaf.notAfter,
  });
}

/** The store holds the server's own certificate, which this client does not take for an anchor. */
export function leafPinnedInVainFinding(leaf: Certificate, situation: Situation): Finding {
  const { store, profile } = situation;
  return refusalFinding("truststore.leaf-pinned", situation, {
    summary: `${store.name} holds the server's own certificate instead of its CA, and ${profile.title} does not accept that`,
    remedy: rootSteps(leaf, situation),
    certificates: [leaf],
    alias: locate(leaf, situation)?.alias ?? null,
  });
}

/** The server's certificate was renewed, and the store holds the one before instead of the CA. */
export function leafPinnedBeforeRenewalFinding(
  leaf: Certificate,
  previous: LocatedAnchor,
  situation: Situation,
): Finding {
  const { certificate, alias } = previous;
  return refusalFinding("truststore.leaf-pinned", situation, {
    summary: `${placeOf(previous, situation)} holds an earlier certificate of ${shortName(leaf.subject)} (valid until ${dateText(certificate.notAfter)}) instead of its CA: the server has got its next one, so that the pin no longer fits`,
    remedy: [
      ...rootSteps(leaf, situation),
      `Then delete the earlier certificate, SHA-256 ${fingerprint(certificate)}`,
    ],
    certificates: [leaf, certificate],
    alias,
  });
}
