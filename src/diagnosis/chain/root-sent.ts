import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { shortName } from "../words.ts";

/** The root is sent as well, which costs bytes and harms nobody (B8). */
export function rootSentFinding(root: Certificate): Finding {
  return makeFinding("chain.root-sent", {
    severity: "info",
    summary: `The server sends the root ${shortName(root.subject)}, too: harmless, and needless, because clients go by their own copy`,
    remedy: ["Leave the root out of what the server sends"],
    certificates: [root],
  });
}
