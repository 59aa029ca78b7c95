import type { Certificate } from "../../../x509/certificate.ts";
import type { Finding } from "../../finding.ts";
import { makeFinding } from "../../make-finding.ts";
import { dateText, fingerprint, printable } from "../../words.ts";
import type { PastChain } from "./past-certificates.ts";

/** Two certificates of one CA have the same serial number, which must not be (C17, RFC 5280 section 4.1.2.2). */
export function serialReused(leaf: Certificate, { leaf: old, answer }: PastChain): Finding {
  return makeFinding("leaf.serial-reused", {
    severity: "warning",
    summary: `${printable(leaf.issuer.text)} has used the serial number ${printable(leaf.serialNumber)} twice: for the certificate that is sent now, and for the one that was sent until ${dateText(answer.lastSeen)}; Firefox and NSS refuse the second`,
    remedy: [
      "Have the certificate re-issued with a serial number of its own, and correct the CA: a counter that was reset, or a CA that was set up twice",
      `Certificates concerned: SHA-256 ${fingerprint(leaf)} and ${fingerprint(old)}`,
    ],
    certificates: [leaf, old],
  });
}
