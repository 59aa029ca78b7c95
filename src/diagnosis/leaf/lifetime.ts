import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { claimsPublicTrust } from "./public-leaf.ts";

const DAY = 86_400_000;

/** Days that a publicly trusted certificate may be valid, by the day from which it is issued (BR section 6.3.2). */
const LIMITS: readonly (readonly [string, number])[] = [
  ["2029-03-15", 47],
  ["2027-03-15", 100],
  ["2026-03-15", 200],
  ["2020-09-01", 398],
  ["2018-03-01", 825],
];

/** A public certificate is valid for longer than browsers accept (C16); null otherwise. */
export function lifetimeFinding(leaf: Certificate): Finding | null {
  if (!claimsPublicTrust(leaf)) return null;
  const limit = LIMITS.find(([since]) => leaf.notBefore >= Date.parse(since));
  // the last second belongs to the lifetime
  const days = Math.ceil((leaf.notAfter - leaf.notBefore + 1000) / DAY);
  if (limit === undefined || days <= limit[1]) return null;
  return makeFinding("leaf.lifetime", {
    severity: "info",
    summary: `The certificate is valid for ${days} days; browsers accept no more than ${limit[1]} of a public CA for certificates issued since ${limit[0]}`,
    remedy: [
      `Have the certificate re-issued for ${limit[1]} days at most, and its renewal automated`,
    ],
    certificates: [leaf],
    time: leaf.notAfter,
  });
}
