import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { copySteps } from "../remedies/anchor-steps.ts";
import { updateJdkSteps } from "../remedies/java-security-steps.ts";
import type { LocatedAnchor, Situation, StoreFacts } from "../situation.ts";
import { shortName } from "../words.ts";

/** Whether a store came with a JVM or with the operating system, and changes when that is updated. */
export function isBundle({ path, isSystemStore }: StoreFacts): boolean {
  return isSystemStore || /(^|[\\/])cacerts$/.test(path ?? "");
}

/** Another JVM or system has the CA among the ones that it came with: this one is too old, or too new (A19). */
export function bundleOutdatedFinding(
  top: Certificate,
  found: LocatedAnchor,
  situation: Situation,
): Finding {
  const { store } = situation;
  return refusalFinding("truststore.bundle-outdated", situation, {
    summary: `${store.name} does not have ${shortName(found.certificate.subject)}, which ${found.store.name} came with: its release does not have that CA, or no longer; the server's chain is in order`,
    remedy: [
      ...(store.isSystemStore
        ? [
            "Update the package of CA certificates (ca-certificates) of this client to the level of the one that has it",
          ]
        : updateJdkSteps("to the level of the one that has this CA among its own")),
      "Or, until then:",
      ...copySteps(found, situation),
    ],
    certificates: [top, found.certificate],
    alias: found.alias,
  });
}
