import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { LocatedAnchor, Situation } from "../situation.ts";
import { counted, shortName } from "../words.ts";
import { bundleSteps } from "./incomplete.ts";

/** The server sends further certificates, of another hierarchy than its own certificate's (B2). */
export function unrelatedIntermediateFinding(
  leaf: Certificate,
  found: LocatedAnchor | undefined,
  situation: Situation,
): Finding {
  const strays = situation.sent.slice(1);
  const [first] = strays;
  const origin =
    first === undefined
      ? ""
      : ` (${shortName(first.subject)} belongs to the hierarchy of ${shortName(first.issuer)})`;
  return refusalFinding("chain.unrelated-intermediate", situation, {
    summary: `The server sends ${counted(strays.length, "further certificate")}, none of which issued its own${origin}; ${leaf.issuer.text} is needed`,
    remedy: bundleSteps(leaf, found, situation),
    certificates: [leaf, ...strays],
    truststore: situation.store.name,
  });
}
