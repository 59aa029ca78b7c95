import type { Profile } from "../profile.ts";

/** RFC 5280 and the CA/Browser Forum's form rules, searched exhaustively. */
export const STRICT_PROFILE: Profile = {
  name: "strict",
  title: "RFC 5280 with the web PKI rules",
  storeFamily: "openssl",
  evidence: "documented",
  rules: { kind: "strict", maxIntermediates: 8, maxComparisons: 250_000 },
};
