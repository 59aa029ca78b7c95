import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { importSteps } from "../remedies/anchor-steps.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

/** The server's certificate signs itself, and is not in the store (B11). */
export function selfSignedFinding(leaf: Certificate, situation: Situation): Finding {
  const { store } = situation;
  return refusalFinding("chain.self-signed", situation, {
    summary: `The server presents a self-signed certificate (${shortName(leaf.subject)}) that is not in ${store.name}`,
    remedy: [
      "Have a CA that the clients trust issue a certificate for this server",
      "If the self-signed certificate is wanted, import exactly this one:",
      ...importSteps(leaf, situation),
    ],
    certificates: [leaf],
    truststore: store.name,
  });
}
