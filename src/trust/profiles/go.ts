import type { Profile } from "../profile.ts";

/** Go's crypto/x509. */
export const GO_PROFILE: Profile = {
  name: "go",
  title: "Go",
  storeFamily: "go",
  evidence: "measured",
  rules: { kind: "go", maxSignatureChecks: 100, maxComparisons: 250_000 },
};
