import type { Certificate } from "../../x509/certificate.ts";
import { locate } from "../certificate-facts.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { importByNameSteps } from "../remedies/anchor-steps.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

/** The store holds an intermediate, and this client wants the root (A13). */
export function rootNeededFinding(intermediate: Certificate, situation: Situation): Finding {
  const { store, profile } = situation;
  return refusalFinding("truststore.intermediate-only", situation, {
    summary: `${store.name} holds the intermediate ${shortName(intermediate.subject)} but not the root ${intermediate.issuer.text}; ${profile.title} needs the root, Java would not`,
    remedy: importByNameSteps(intermediate.issuer, situation),
    certificates: [intermediate],
    alias: locate(intermediate, situation)?.alias ?? null,
  });
}

/** The store holds an intermediate, which is enough for this client. */
export function intermediateOnlyFinding(anchor: Certificate, situation: Situation): Finding {
  const { store } = situation;
  return makeFinding("truststore.intermediate-only", {
    severity: "info",
    summary: `${store.name} holds the intermediate ${shortName(anchor.subject)} as anchor; OpenSSL and Node.js clients need its root as well`,
    remedy: importByNameSteps(anchor.issuer, situation),
    certificates: [anchor],
    truststore: store.name,
    alias: locate(anchor, situation)?.alias ?? null,
  });
}
