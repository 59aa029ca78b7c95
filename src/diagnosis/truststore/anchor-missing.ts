import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { importByNameSteps, importSteps } from "../remedies/anchor-steps.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

/** The server sends the root as well, and the truststore does not hold it (A2). */
export function sentRootMissingFinding(root: Certificate, situation: Situation): Finding {
  return refusalFinding("truststore.anchor-missing", situation, {
    summary: `${shortName(root.subject)} is missing in ${situation.store.name}; the server sends a complete chain, the truststore is the problem`,
    remedy: importSteps(root, situation),
    certificates: [root],
  });
}

/** The chain is in order up to a CA whose issuer the truststore does not hold (A1). */
export function anchorMissingFinding(top: Certificate, situation: Situation): Finding {
  return refusalFinding("truststore.anchor-missing", situation, {
    summary: `The issuer of ${shortName(top.subject)}, ${top.issuer.text}, is missing in ${situation.store.name}; the server's chain is in order up to there`,
    remedy: importByNameSteps(top.issuer, situation),
    certificates: [top],
  });
}
