import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { importByNameSteps } from "../remedies/anchor-steps.ts";
import type { Situation } from "../situation.ts";

/** The store is empty (A7). */
export function noAnchorsFinding(situation: Situation): Finding {
  const { store, profile, sent } = situation;
  const [leaf] = sent;
  return refusalFinding("truststore.no-anchors", situation, {
    summary: `${store.name} holds no trust anchor, so ${profile.title} trusts nobody`,
    remedy: [
      "Check that this is the file that was meant",
      ...(leaf === undefined
        ? ["Import the CA certificates that the client needs"]
        : importByNameSteps(leaf.issuer, situation)),
    ],
  });
}
