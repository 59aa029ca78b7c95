import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { counted, shortName } from "../words.ts";

const STEPS = [
  "Remove from the server's chain what does not lead from its certificate to the root",
] as const;

function words(extra: readonly Certificate[]): string {
  const names = extra.map(({ subject }) => shortName(subject)).slice(0, 3);
  return `The server sends ${counted(extra.length, "certificate")} that the path does not need (${names.join(", ")})`;
}

/** A path exists, and this client stumbles over certificates that do not belong to it (B7). */
export function superfluousFinding(extra: readonly Certificate[], situation: Situation): Finding {
  const { rules } = situation.profile;
  return refusalFinding("chain.superfluous", situation, {
    summary: `${words(extra)}, and ${situation.profile.title} stumbles over that`,
    remedy: [
      ...STEPS,
      ...(rules.kind === "java" && rules.validator === "simple"
        ? [
            "Or, where other clients need them, let this one use the PKIX trust manager (ssl.TrustManagerFactory.algorithm=PKIX in java.security)",
          ]
        : []),
    ],
    certificates: extra,
  });
}

/** This client passes over them. */
export function superfluousOverlookedFinding(extra: readonly Certificate[]): Finding {
  return makeFinding("chain.superfluous", {
    severity: "info",
    summary: `${words(extra)}; simple Java trust managers refuse that`,
    remedy: STEPS,
    certificates: extra,
  });
}
