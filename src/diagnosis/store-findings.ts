import type { Profile } from "../trust/profile.ts";
import type { NamedTruststore, RelyingParty } from "./assessment.ts";
import { anchorsOnce, storeFacts } from "./client-stores.ts";
import type { Finding } from "./finding.ts";
import type { ClosedStore } from "./remedies/password-steps.ts";
import { noJavaAnchorsFinding } from "./truststore/no-java-anchors.ts";
import { notFoundFinding } from "./truststore/not-found.ts";
import { passwordMissingFinding } from "./truststore/password-missing.ts";
import { unreadableFinding } from "./truststore/unreadable.ts";
import { wrongPasswordFinding } from "./truststore/wrong-password.ts";

/** Findings about the stores themselves: unreadable ones, and stores in which this client sees nothing. */
export function storeFindings(client: RelyingParty, profile: Profile): readonly Finding[] {
  const failures = client.truststores.flatMap(({ name, store, passwordSpec = null }) =>
    store.ok
      ? []
      : [
          failureFinding({
            name,
            error: store.error,
            passwordSpec,
            profile,
            system: client.system ?? null,
          }),
        ],
  );
  if (failures.length > 0) return failures;
  const blind = client.truststores.flatMap((named) => blindFinding(named, profile) ?? []);
  const anchors = anchorsOnce(client.truststores, profile.storeFamily);
  return anchors.length === 0
    ? blind
    : blind.map((finding) => ({ ...finding, severity: "warning" }));
}

function failureFinding(closed: ClosedStore): Finding {
  const { name, error, profile } = closed;
  switch (error.code) {
    case "not-found":
      return notFoundFinding(name, error, profile);
    case "wrong-password":
      return wrongPasswordFinding(closed);
    case "password-required":
      return passwordMissingFinding(closed);
    default:
      return unreadableFinding(name, error, profile);
  }
}

function blindFinding(named: NamedTruststore, profile: Profile): Finding | null {
  return named.store.ok
    ? noJavaAnchorsFinding(named.store.value, storeFacts(named, named.store.value), profile)
    : null;
}
