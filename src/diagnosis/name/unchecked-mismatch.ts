import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { coveredText } from "./certificate-names.ts";
import type { NameFacts } from "./name-facts.ts";

/**
 * The name does not fit, and this client does not look (C18).
 * @param checked the finding for a client that does
 */
export function uncheckedMismatchFinding({ leaf, host }: NameFacts, checked: Finding): Finding {
  return makeFinding("name.unchecked-mismatch", {
    severity: "warning",
    summary: `The certificate is for ${coveredText(leaf)}, not for ${host}; this client does not check names, so nothing fails until it does`,
    remedy: [
      "Do this before an update of the client turns name checking on",
      // the check that verifies it has to compare the name
      ...checked.remedy.map((step) => step.replace(" --name-check none", "")),
    ],
    certificates: [leaf],
  });
}
