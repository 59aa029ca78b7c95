import type { Certificate } from "../../x509/certificate.ts";
import { decoder, valueOf } from "../../x509/extensions.ts";
import { onlyElement, Tag } from "../../x509/der.ts";
import { ExtensionOid } from "../../x509/oids.ts";
import { policyExtensions } from "../../x509/policies.ts";

/** Policies by which a CA says that it issues by the baseline requirements for publicly trusted TLS servers. */
const PUBLIC_POLICIES: ReadonlySet<string> = new Set([
  "2.23.140.1.1",
  "2.23.140.1.2.1",
  "2.23.140.1.2.2",
  "2.23.140.1.2.3",
]);

/** Whether a certificate says of itself that it is one of a public CA (CA/Browser Forum BR section 7.1.6.1). */
export function claimsPublicTrust(leaf: Certificate): boolean {
  return policyOids(leaf).some((oid) => PUBLIC_POLICIES.has(oid));
}

function policyOids(leaf: Certificate): readonly string[] {
  const { policies } = policyExtensions(leaf);
  return policies.state === "present" ? policies.value.map(({ policy }) => policy) : [];
}

/** Most timestamps that are counted. */
const MAX_TIMESTAMPS = 64;

const embeddedTimestamps = decoder(ExtensionOid.timestampList, (value) => {
  const list = onlyElement(value, Tag.octetString, "a SignedCertificateTimestampList");
  let at = list.content + 2;
  let count = 0;
  // each timestamp has its length in front in two octets (RFC 6962 section 3.3)
  while (at + 2 <= list.end && count < MAX_TIMESTAMPS) {
    at += 2 + ((list.buffer[at] ?? 0) << 8) + (list.buffer[at + 1] ?? 0);
    count++;
  }
  return count;
});

/** How many signed certificate timestamps a certificate carries. */
export function timestampCount(leaf: Certificate): number {
  return valueOf(embeddedTimestamps(leaf)) ?? 0;
}
