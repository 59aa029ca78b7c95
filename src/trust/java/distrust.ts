import type { Certificate } from "../../x509/certificate.ts";
import { reason } from "../reason.ts";
import type { JavaContext } from "./context.ts";
import { refusal, type Refusal } from "./refusal.ts";

const DAY = 86_400_000;

/** CADistrustPolicy: by fingerprint of the anchor, in any truststore, for TLS servers only. */
export function checkDistrust(
  leaf: Certificate,
  anchor: Certificate,
  context: JavaContext,
): Refusal | null {
  if (context.purpose === "client") return null;
  const policy = context.rules.distrust.find(({ anchors }) => anchors.includes(anchor.sha256));
  if (policy === undefined) return null;
  const { owner, issuedAfter } = policy;
  if (issuedAfter !== null && leaf.notBefore < Date.parse(issuedAfter) + DAY) return null;
  const issued = issuedAfter === null ? "" : `issued after ${issuedAfter} and `;
  return refusal(
    "plain",
    reason("distrusted", { sha256: anchor.sha256, detail: owner }),
    `TLS Server certificate ${issued}anchored by a distrusted legacy ${owner} root CA: ${anchor.subject.text}`,
  );
}
