import type { Certificate } from "../../x509/certificate.ts";
import { locate } from "../certificate-facts.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { dateText, shortName } from "../words.ts";

/** An anchor is not valid yet, and this client looks at that. */
export function anchorNotYetValidFinding(anchor: Certificate, situation: Situation): Finding {
  const { store, profile } = situation;
  return refusalFinding("truststore.anchor-not-yet-valid", situation, {
    summary: `The anchor ${shortName(anchor.subject)} in ${store.name} is not valid before ${dateText(anchor.notBefore)}, and ${profile.title} checks that`,
    remedy: [
      "Correct the clock of this client if it is behind",
      `Otherwise keep the CA's previous certificate in ${store.name} until then`,
    ],
    certificates: [anchor],
    alias: locate(anchor, situation)?.alias ?? null,
  });
}
