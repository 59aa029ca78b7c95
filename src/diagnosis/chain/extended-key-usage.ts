import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

const STEPS = [
  "Have the certificate issued by an intermediate whose extended key usage includes serverAuth, or has none",
] as const;

/** An intermediate may not stand above certificates of TLS servers (B18). */
export function intermediateUsageFinding(intermediate: Certificate, situation: Situation): Finding {
  return refusalFinding("chain.extended-key-usage", situation, {
    summary: `The extended key usage of ${shortName(intermediate.subject)} does not include TLS server authentication`,
    remedy: STEPS,
    certificates: [intermediate],
  });
}

/** The same, which this client does not look at. */
export function intermediateUsageOverlookedFinding(
  intermediate: Certificate,
  { profile }: Situation,
): Finding {
  return makeFinding("chain.extended-key-usage", {
    severity: "warning",
    summary: `The extended key usage of the intermediate ${shortName(intermediate.subject)} does not include TLS server authentication; ${profile.title} does not look at that, OpenSSL, Go, Node.js and .NET clients refuse it`,
    remedy: STEPS,
    certificates: [intermediate],
  });
}
