import type { OpenSslRules, Profile } from "../profile.ts";

/**
 * OpenSSL 3 at security level 2.
 *
 * Partial wildcards are refused: the callers that matter set X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, and so did the
 * measurements.
 */
export const OPENSSL_3: OpenSslRules = {
  kind: "openssl",
  partialChain: false,
  securityBits: 112,
  hostNames: "openssl",
  partialWildcards: false,
  rootHint: false,
};

const openssl = (name: Profile["name"], title: string, rules: OpenSslRules): Profile => ({
  name,
  title,
  storeFamily: rules.hostNames === "node" ? "nodejs" : "openssl",
  evidence: "measured",
  rules,
});

/** OpenSSL and clients that verify with it. */
export const OPENSSL_PROFILES: readonly Profile[] = [
  openssl("openssl-3", "OpenSSL 3", OPENSSL_3),
  openssl("openssl-3-partial", "OpenSSL 3 with partial chains", {
    ...OPENSSL_3,
    partialChain: true,
  }),
  openssl("nodejs-20", "Node.js 20", { ...OPENSSL_3, securityBits: 80, hostNames: "node" }),
  openssl("nodejs-24", "Node.js 24", { ...OPENSSL_3, hostNames: "node", rootHint: true }),
];
