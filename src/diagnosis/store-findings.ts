import type { Profile } from "../trust/profile.ts";
import type { StoreError } from "../truststore/truststore.ts";
import type { NamedTruststore, RelyingParty } from "./assess.ts";
import { anchorsOnce, storeFacts } from "./client-stores.ts";
import type { Finding } from "./finding.ts";
import { noJavaAnchorsFinding } from "./truststore/no-java-anchors.ts";
import { notFoundFinding } from "./truststore/not-found.ts";
import { passwordMissingFinding } from "./truststore/password-missing.ts";
import { unreadableFinding } from "./truststore/unreadable.ts";
import { wrongPasswordFinding } from "./truststore/wrong-password.ts";

/** Findings about the stores themselves: unreadable ones, and stores in which this client sees nothing. */
export function storeFindings(client: RelyingParty, profile: Profile): readonly Finding[] {
  const failures = client.truststores.flatMap(({ name, store }) =>
    store.ok ? [] : [failureFinding(name, store.error, profile)],
  );
  if (failures.length > 0) return failures;
  const blind = client.truststores.flatMap((named) => blindFinding(named, profile) ?? []);
  const anchors = anchorsOnce(client.truststores, profile.storeFamily);
  return anchors.length === 0
    ? blind
    : blind.map((finding) => ({ ...finding, severity: "warning" }));
}

function failureFinding(name: string, error: StoreError, profile: Profile): Finding {
  switch (error.code) {
    case "not-found":
      return notFoundFinding(name, error, profile);
    case "wrong-password":
      return wrongPasswordFinding(name, error, profile);
    case "password-required":
      return passwordMissingFinding(name, error, profile);
    default:
      return unreadableFinding(name, error, profile);
  }
}

function blindFinding(named: NamedTruststore, profile: Profile): Finding | null {
  return named.store.ok
    ? noJavaAnchorsFinding(named.store.value, storeFacts(named, named.store.value), profile)
    : null;
}
